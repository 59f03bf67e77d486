"""llama.cpp's OpenAI-compatible server on a free port of 127.0.0.1, with a model of random weights in a folder of its own.

Its vectors mean nothing; its protocol is real. Needs llama-cpp-python[server] and gguf. Prints the port as a line of
JSON before the server starts; ends when its standard input does.

usage: llama_server.py FOLDER
"""
import json, os, socket, sys, threading

import gguf
import numpy

HIDDEN, LAYERS, HEADS, INNER, CONTEXT = 64, 2, 4, 128, 512


def write_model(path):
    """A llama whose tokens are bytes and ASCII characters."""
    random = numpy.random.default_rng(0)
    special = ["<unk>", "<s>", "</s>"]
    octets = [f"<0x{byte:02X}>" for byte in range(256)]
    characters = ["\u2581"] + [chr(code) for code in range(33, 127)]
    kinds = gguf.TokenType
    tokens = special + octets + characters
    types = [kinds.UNKNOWN, kinds.CONTROL, kinds.CONTROL] + [kinds.BYTE] * 256 + [kinds.NORMAL] * len(characters)
    scores = [0.0] * (len(special) + len(octets)) + [-float(rank) for rank in range(len(characters))]

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(HIDDEN // HEADS)
    writer.add_pooling_type(gguf.PoolingType.MEAN)  # one vector a text, not one a token
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([token.encode() for token in tokens])
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)

    def weights(name, *shape):
        writer.add_tensor(name + ".weight", (random.standard_normal(shape) * 0.3).astype("f4"))

    def norm(name):
        writer.add_tensor(name + ".weight", numpy.ones(HIDDEN, "f4"))

    weights("token_embd", len(tokens), HIDDEN)
    weights("output", len(tokens), HIDDEN)
    norm("output_norm")
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            weights(block + part, HIDDEN, HIDDEN)
        weights(block + "ffn_gate", INNER, HIDDEN)
        weights(block + "ffn_up", INNER, HIDDEN)
        weights(block + "ffn_down", HIDDEN, INNER)
        norm(block + "attn_norm")
        norm(block + "ffn_norm")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def end_with_input():
    sys.stdin.read()
    os._exit(0)


def main():
    threading.Thread(target=end_with_input, daemon=True).start()
    model = os.path.join(sys.argv[1], "random.gguf")
    write_model(model)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    print(json.dumps({"port": port}), flush=True)
    sys.argv = ["llama_cpp.server", "--model", model, "--model_alias", "random", "--host", "127.0.0.1", "--port", str(port),
                "--n_ctx", str(CONTEXT), "--embedding", "true", "--verbose", "false"]
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    import runpy
    runpy.run_module("llama_cpp.server", run_name="__main__")


main()
