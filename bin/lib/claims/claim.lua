-- wrk claims the gift card for one signed-in person after the other, and stops when there is nobody left.
local cookies, threads, at = {}, 0, 0

function setup(thread)
  thread:set("first", threads)
  threads = threads + 1
end

function init(arguments)
  path, body = "/remedies/gift-card/claim", "delivery-gift-card=site&terms=" .. arguments[1]
  for line in io.lines(arguments[2]) do cookies[#cookies + 1] = line end
  step, at = tonumber(arguments[3]), first + 1 - tonumber(arguments[3])
  wrk.headers["Origin"] = arguments[4]
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function request()
  at = at + step
  if at > #cookies then
    wrk.thread:stop()
    at = at - step
  end
  wrk.headers["Cookie"] = "id=" .. cookies[at]
  return wrk.format("POST", path, nil, body)
end
