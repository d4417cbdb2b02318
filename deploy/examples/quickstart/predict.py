from mlflow.deployments import get_deploy_client

client = get_deploy_client("http://127.0.0.1:5002")
completion = client.predict(endpoint="chat", inputs={"messages": [{"role": "user", "content": "Hello!"}]})
print(completion["choices"][0]["message"]["content"])
