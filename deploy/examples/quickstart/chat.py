from openai import OpenAI

client = OpenAI(base_url="http://127.0.0.1:5002/v1", api_key="none is needed yet")
completion = client.chat.completions.create(model="chat", messages=[{"role": "user", "content": "Hello!"}])
print(completion.choices[0].message.content)
