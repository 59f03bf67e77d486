"""An OpenAI-compatible /embeddings on a free port of 127.0.0.1 that does what it is told.

Speaks with its parent over standard input and output, a line each way, words apart by tabs, and ends when its input does:

    (at the start)         {"port": 40123}
    script ID STEP …       {}                 the steps of the requests to /ID/…, the last one for all that follow
    log ID                 {"requests": […]}  what came to /ID/…, in order

Vectors are bags of words, hashed: texts with words in common are close, equal texts are equal.
"""
import collections, http.server, json, math, os, re, sys, threading, time, zlib

DIMENSION = 64
scripts = collections.defaultdict(lambda: ["ok"])
requests = collections.defaultdict(list)
lock = threading.Lock()


def vector(text, dimension=DIMENSION, salt=""):
    values = [0.001] * dimension
    for word in re.findall(r"\w+", text.lower()) or [""]:
        for probe in range(4):
            hashed = zlib.crc32(f"{salt}{word}/{probe}".encode())
            size = 1 + (hashed >> 17 & 255) / 256
            values[hashed % dimension] += size if hashed >> 16 & 1 else -size
    return values


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_POST(self):
        name = self.path.split("/")[1]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = json.loads(body)
        with lock:
            steps = scripts[name]
            step = steps.pop(0) if len(steps) > 1 else steps[0]
            requests[name].append({
                "path": self.path, "keys": sorted(request), "texts": len(request["input"]),
                "model": request["model"], "format": request.get("encoding_format"),
                "dimensions": request.get("dimensions"), "authorization": self.headers.get("Authorization"),
                "cookie": self.headers.get("Cookie"),
            })
        self.perform(step, request["input"])

    def perform(self, step, texts):
        verb, _, value = step.partition("=")
        items = [{"object": "embedding", "index": i, "embedding": vector(t)} for i, t in enumerate(texts)]
        if verb == "ok":
            pass
        elif verb == "other":  # another model under the same name
            for item, text in zip(items, texts):
                item["embedding"] = vector(text, salt="other")
        elif verb == "noisy":  # the same model, less exact
            for item in items:
                item["embedding"] = [v + 0.1 * math.sin(i) for i, v in enumerate(item["embedding"])]
        elif verb == "dimension":
            for item, text in zip(items, texts):
                item["embedding"] = vector(text, int(value))
        elif verb == "mixed":
            items[-1]["embedding"] = vector("x", DIMENSION - 1)
        elif verb == "shuffled":
            items.reverse()
        elif verb == "fewer":
            items.pop()
        elif verb == "more":
            items.append({"index": len(items), "embedding": vector("more")})
        elif verb == "twice":
            items[-1]["index"] = 0
        elif verb == "outside":
            items[-1]["index"] = len(items)
        elif verb == "unnumbered":
            del items[0]["index"]
        elif verb == "values":  # such as values=[0,0]
            return self.send(200, '{"data": [%s]}' % ", ".join(
                '{"index": %d, "embedding": %s}' % (i, value) for i in range(len(texts))))
        elif verb == "body":
            return self.send(200, value)
        elif verb == "too-long":  # texts of more bytes than this are refused
            if any(len(text.encode()) > int(value) for text in texts):
                return self.error(400, "the input is too long")
        elif verb == "too-many":
            if len(texts) > int(value):
                return self.error(413, "too many inputs")
        elif verb == "endless":
            return self.endless()
        elif verb == "announced":
            return self.head(200, {"Content-Length": value})
        elif verb == "hang":
            time.sleep(600)
        elif verb == "cut":
            self.close_connection = True
            return
        elif verb == "cut-within":
            self.head(200, {"Content-Length": "1000"})
            self.wfile.write(b'{"data": [')
            self.close_connection = True
            return
        elif verb == "no-http":
            self.wfile.write(b"what?\r\n\r\n")
            self.close_connection = True
            return
        elif verb == "redirect":
            return self.send(int(value), "", {"Location": self.path.replace("/v1/", "/v2/")})
        elif verb == "busy":  # status:Retry-After
            status, _, after = value.partition(":")
            return self.error(int(status), "slow down", {"Retry-After": after.replace("_", " ")})
        elif verb == "echo":
            return self.error(int(value), "no such key: " + str(self.headers.get("Authorization")))
        elif verb == "says":  # status:the whole body
            status, _, text = value.partition(":")
            return self.send(int(status), text)
        else:
            return self.error(int(verb), f"told to say {verb}")
        self.send(200, json.dumps({"object": "list", "data": items, "model": "scripted"}))

    def error(self, status, message, headers={}):
        self.send(status, json.dumps({"error": {"message": message, "type": "scripted"}}), headers)

    def send(self, status, text, headers={}):
        data = text.encode()
        self.head(status, {"Content-Type": "application/json", "Content-Length": str(len(data)),
                           "Set-Cookie": "session=1", **headers})
        self.wfile.write(data)

    def head(self, status, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def endless(self):
        self.head(200, {"Transfer-Encoding": "chunked"})
        block = b"10000\r\n" + b" " * 65536 + b"\r\n"
        try:
            while True:
                self.wfile.write(block)
        except OSError:
            self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass  # a client that goes away is part of the tests


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"port": server.server_port}), flush=True)
for line in sys.stdin:
    command, name, *steps = line.rstrip("\n").split("\t")
    with lock:
        if command == "script":
            scripts[name] = steps
            answer = {}
        else:
            answer = {"requests": requests[name]}
    print(json.dumps(answer), flush=True)
os._exit(0)
