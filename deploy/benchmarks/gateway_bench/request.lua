-- The request that wrk sends every time.
--
--     wrk … -s request.lua URL -- PATH KEY BODY

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "../bench_common/done.lua")

function init(arguments)
  wrk.method = "POST"
  wrk.path = arguments[1]
  wrk.headers["Authorization"] = "Bearer " .. arguments[2]
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = arguments[3]
end
