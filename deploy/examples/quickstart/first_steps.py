import mlflow

mlflow.set_tracking_uri("http://127.0.0.1:5000")
mlflow.set_experiment("first steps")
with mlflow.start_run():
    mlflow.log_param("depth", 3)
    for step in range(10):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_text("It works.", "note.txt")
print(mlflow.search_runs(order_by=["metrics.loss"])[["run_id", "metrics.loss"]])
