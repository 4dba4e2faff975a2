// Values in the form in which two of them are compared.
export const list = (value) => (Array.isArray(value) ? value : [value]);
export const oneLine = (text) => text.split(/\s+/u).filter(Boolean).join(" ");
export const digits = (text) => text.replace(/[^0-9]/gu, "");

// A name that ical.js does not know keeps its escapes.
export const unescaped = (text) => text.replace(/\\(.)/gsu, (_, c) => (c === "n" || c === "N" ? "\n" : c));
