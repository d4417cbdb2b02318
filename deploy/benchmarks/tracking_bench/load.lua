-- The requests that wrk sends, in the format of MLflow's Python client.
--
--     wrk … -s load.lua URL -- WORKLOAD FIRST_STEP EXPERIMENT_ID RUN_ID…
--
-- Every write is different (the next step of the next run), so that no server can treat it as a repetition.

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "../bench_common/done.lua")

local api = "/api/2.0/mlflow"
local first_step, experiment_id, run_ids
local sent = 0

local function post(path, body)
  return wrk.format("POST", api .. path, nil, body)
end

-- The run and the step of the next request: the runs take turns, and each turn advances the step.
local function turn()
  local run = run_ids[sent % #run_ids + 1]
  local step = first_step + math.floor(sent / #run_ids)
  sent = sent + 1
  return run, step
end

local workloads = {}

workloads["log-metric"] = function()
  local run, step = turn()
  return post("/runs/log-metric", string.format(
    '{"run_uuid": "%s", "key": "loss", "value": %.6f, "timestamp": %.0f, "step": %d, "run_id": "%s"}',
    run, 1 / (step + 1), 1700000000000 + step, step, run))
end

workloads["log-batch"] = function()
  local run, step = turn()
  local metrics = {}
  for index = 1, 10 do
    metrics[index] = string.format(
      '{"key": "metric_%d", "value": %.6f, "timestamp": %.0f, "step": %d}',
      index - 1, index / (step + 1), 1700000000000 + step, step)
  end
  return post("/runs/log-batch", string.format(
    '{"run_id": "%s", "metrics": [%s]}', run, table.concat(metrics, ", ")))
end

workloads["create-run"] = function()
  sent = sent + 1
  return post("/runs/create", string.format(
    '{"experiment_id": "%s", "user_id": "ada", "run_name": "run-%d", "start_time": %.0f, "tags": ['
      .. '{"key": "mlflow.user", "value": "ada"}, '
      .. '{"key": "mlflow.source.name", "value": "train.py"}, '
      .. '{"key": "mlflow.source.type", "value": "LOCAL"}]}',
    experiment_id, first_step + sent, 1700000000000 + sent))
end

workloads["get-run"] = function()
  local run = turn()
  return wrk.format("GET", api .. "/runs/get?run_uuid=" .. run .. "&run_id=" .. run)
end

workloads["search-runs"] = function()
  return post("/runs/search", string.format(
    '{"experiment_ids": ["%s"], "run_view_type": "ACTIVE_ONLY", "filter": "", "max_results": 100}', experiment_id))
end

function init(arguments)
  request = assert(workloads[arguments[1]], "no such workload")
  first_step = tonumber(arguments[2])
  experiment_id = arguments[3]
  run_ids = { unpack(arguments, 4) }
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Accept-Encoding"] = "gzip, deflate"
  wrk.headers["X-MLflow-Client-Version"] = "3.17.2"
end
