"""The endpoints that the cases must cover: each needs a case, also under the browser's prefix."""

from __future__ import annotations

import re

from .case import Case

#: Method and path; ``*`` matches one path segment, ``**`` any number of them.
ENDPOINTS = tuple(tuple(line.split(" ")) for line in """\
GET /health
GET /version
GET /get-artifact
GET /graphql
POST /graphql
GET /model-versions/get-artifact
GET /ajax-api/2.0/mlflow/logged-models/*/artifacts/files
GET /ajax-api/2.0/mlflow/metrics/get-history-bulk
POST /ajax-api/2.0/mlflow/upload-artifact
GET /ajax-api/2.0/mlflow/gateway-proxy
POST /ajax-api/2.0/mlflow/gateway-proxy
POST /ajax-api/2.0/mlflow/runs/create-promptlab-run
POST /ajax-api/2.0/mlflow/experiments/search-datasets
GET /api/3.0/mlflow/server-info
GET /api/2.0/mlflow-artifacts/artifacts
GET /api/2.0/mlflow-artifacts/artifacts/**
PUT /api/2.0/mlflow-artifacts/artifacts/**
DELETE /api/2.0/mlflow-artifacts/artifacts/**
POST /api/2.0/mlflow-artifacts/mpu/create/**
POST /api/2.0/mlflow-artifacts/mpu/complete/**
POST /api/2.0/mlflow-artifacts/mpu/abort/**
GET /api/2.0/mlflow-artifacts/presigned/**
GET /api/2.0/mlflow/artifacts/list
POST /api/2.0/mlflow/artifacts/presigned-download-url
POST /api/2.0/mlflow/artifacts/presigned-upload-url
POST /api/2.0/mlflow/experiments/create
POST /api/2.0/mlflow/experiments/delete
POST /api/2.0/mlflow/experiments/delete-experiment-tag
GET /api/2.0/mlflow/experiments/get
GET /api/2.0/mlflow/experiments/get-by-name
POST /api/2.0/mlflow/experiments/restore
GET /api/2.0/mlflow/experiments/search
POST /api/2.0/mlflow/experiments/search
POST /api/2.0/mlflow/experiments/set-experiment-tag
POST /api/2.0/mlflow/experiments/update
POST /api/2.0/mlflow/logged-models
POST /api/2.0/mlflow/logged-models/search
GET /api/2.0/mlflow/logged-models/*
PATCH /api/2.0/mlflow/logged-models/*
DELETE /api/2.0/mlflow/logged-models/*
GET /api/2.0/mlflow/logged-models/*/artifacts/directories
POST /api/2.0/mlflow/logged-models/*/params
PATCH /api/2.0/mlflow/logged-models/*/tags
DELETE /api/2.0/mlflow/logged-models/*/tags/*
GET /api/2.0/mlflow/metrics/get-history
GET /api/2.0/mlflow/metrics/get-history-bulk-interval
POST /api/2.0/mlflow/model-versions/create
DELETE /api/2.0/mlflow/model-versions/delete
DELETE /api/2.0/mlflow/model-versions/delete-tag
GET /api/2.0/mlflow/model-versions/get
GET /api/2.0/mlflow/model-versions/get-download-uri
GET /api/2.0/mlflow/model-versions/search
POST /api/2.0/mlflow/model-versions/set-tag
POST /api/2.0/mlflow/model-versions/transition-stage
PATCH /api/2.0/mlflow/model-versions/update
GET /api/2.0/mlflow/registered-models/alias
POST /api/2.0/mlflow/registered-models/alias
DELETE /api/2.0/mlflow/registered-models/alias
POST /api/2.0/mlflow/registered-models/create
DELETE /api/2.0/mlflow/registered-models/delete
DELETE /api/2.0/mlflow/registered-models/delete-tag
GET /api/2.0/mlflow/registered-models/get
GET /api/2.0/mlflow/registered-models/get-latest-versions
POST /api/2.0/mlflow/registered-models/get-latest-versions
POST /api/2.0/mlflow/registered-models/rename
GET /api/2.0/mlflow/registered-models/search
POST /api/2.0/mlflow/registered-models/set-tag
PATCH /api/2.0/mlflow/registered-models/update
POST /api/2.0/mlflow/runs/create
POST /api/2.0/mlflow/runs/delete
POST /api/2.0/mlflow/runs/delete-tag
GET /api/2.0/mlflow/runs/get
POST /api/2.0/mlflow/runs/log-batch
POST /api/2.0/mlflow/runs/log-inputs
POST /api/2.0/mlflow/runs/log-metric
POST /api/2.0/mlflow/runs/log-model
POST /api/2.0/mlflow/runs/log-parameter
POST /api/2.0/mlflow/runs/outputs
POST /api/2.0/mlflow/runs/restore
POST /api/2.0/mlflow/runs/search
POST /api/2.0/mlflow/runs/set-tag
POST /api/2.0/mlflow/runs/update
POST /v1/traces
POST /api/3.0/mlflow/traces
GET /api/3.0/mlflow/traces/*
GET /api/3.0/mlflow/traces/get
GET /api/3.0/mlflow/traces/batchGet
POST /api/3.0/mlflow/traces/batchGetInfos
POST /api/3.0/mlflow/traces/search
POST /api/3.0/mlflow/traces/metrics
POST /api/3.0/mlflow/traces/calculate-filter-correlation
POST /api/3.0/mlflow/traces/delete-traces
POST /api/3.0/mlflow/traces/*/assessments
GET /api/3.0/mlflow/traces/*/assessments/*
PATCH /api/3.0/mlflow/traces/*/assessments/*
DELETE /api/3.0/mlflow/traces/*/assessments/*
PATCH /api/3.0/mlflow/traces/*/tags
DELETE /api/3.0/mlflow/traces/*/tags
GET /api/2.0/mlflow/traces
POST /api/2.0/mlflow/traces
PATCH /api/2.0/mlflow/traces/*
GET /api/2.0/mlflow/traces/*/info
PATCH /api/2.0/mlflow/traces/*/tags
DELETE /api/2.0/mlflow/traces/*/tags
POST /api/2.0/mlflow/traces/delete-traces
POST /api/2.0/mlflow/traces/link-to-run
POST /api/2.0/mlflow/traces/link-prompts
""".splitlines())


def asks(case: Case, method: str, path: str) -> bool:
    """Whether a case is a request to the endpoint."""
    pattern = re.escape(path).replace(r"\*\*", ".+").replace(r"\*", "[^/]+")
    return case.method == method and re.fullmatch(pattern, case.path) is not None


def browser_path(path: str) -> str:
    """The path of the same endpoint under the browser's prefix."""
    return re.sub("^/api/", "/ajax-api/", path)
