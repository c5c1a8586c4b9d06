"""Checks a proof file of Galen with Python's standard library alone, and no code of Galen: docs/reference/proof-file.md says what is checked, and how.

    python3 examples/verify_proof.py proof.json network.json

`network.json` says whom you trust. Answers with one sentence for each check, and exit code 0 if all hold, 1 if one does not.
"""

import base64
import datetime
import hashlib
import json
import re
import sys
import time

MAX_CLOCK_DRIFT_MS = 10_000
MAX_CHARACTERS, MAX_PROOFS, MAX_EVENTS = 4_194_304, 16, 4_096
MAX_INTEGER = 2**53 - 1
MAX_POWER = (2**63 - 1) // 8


class Refusal(Exception):
    """Why a proof is not believed: an id of docs/reference/errors.md, and a sentence."""

    def __init__(self, name, sentence):
        super().__init__(f"proof/{name}: {sentence}")
        self.id = f"proof/{name}"


def need(holds, name, sentence):
    if not holds:
        raise Refusal(name, sentence)


def verify(text, network, now_ms):
    """One sentence for each check of a proof file that holds. Raises Refusal for any other."""
    return [sentence for proof in read_file(text) for sentence in verify_proof(proof, network, now_ms)]


def verify_proof(proof, network, now_ms):
    if proof["kind"] == "state":
        return verify_state(proof, network, now_ms)
    return verify_transaction(proof, network, now_ms)


# ---- What a proof says -------------------------------------------------------------------------------------------------------------------


def verify_state(proof, network, now_ms):
    final = proof["final"]
    signed = require_trusted(final, network, now_ms)
    need(final["height"] == proof["height"] + 1, "WrongHeight", "the state of a height stands in the header after it")
    is_proven = state_root(proof["key"], proof["value"], proof["path"]) == final["app_hash"]
    need(is_proven, "StateNotProven", "the path does not lead from key and value to the app hash")
    found = "absent" if proof["value"] is None else f"present with {len(proof['value'])} bytes"
    return [signed, f"key {proof['key']} is {found} under app hash {final['app_hash'].hex()}"]


def verify_transaction(proof, network, now_ms):
    final, following, height = proof["final"], proof["next_final"], proof["height"]
    signed = require_trusted(following, network, now_ms)
    require_final(final)
    need(final["height"] == height, "WrongHeight", "the header is not that of the transaction's height")
    tx_hash = sha256(proof["bytes"])
    need(tx_hash.hex() == proof["tx_hash"], "TransactionNotInBlock", "the bytes have another hash")
    is_linked = following["height"] == height + 1 and following["last_block_hash"] == final["hash"]
    need(is_linked, "HeaderNotLinked", "the next header does not name the transaction's header")

    place = proof["index"], proof["total"]
    in_block = root_of_path(tx_hash, *place, proof["inclusion"]) == final["data_hash"]
    need(in_block, "TransactionNotInBlock", "the path does not lead to the data hash")
    result = varint_field(1, proof["code"]) + bytes_field(2, proof["data"])
    has_result = root_of_path(result, *place, proof["result_inclusion"]) == following["last_results_hash"]
    need(has_result, "ResultNotInBlock", "the path does not lead to the results hash of the next header")
    is_success, events = proof["code"] == 0, proof["events"]
    are_events = proof["data"] == merkle_root(events) if is_success else not events and not proof["data"]
    need(are_events, "EventsNotInResult", "the events are not those of the result")
    return [
        signed,
        f"header {height} is the one that header {height + 1} follows",
        f"transaction {tx_hash.hex()} is in block {height}",
        f"it was executed; number of events: {len(events)}" if is_success else f"it was refused with code {proof['code']}",
    ]


def require_trusted(final, network, now_ms):
    """That validators whom the user trusts made a header final, and no later than now."""
    trusted = [{**network, "untilHeight": MAX_INTEGER}, *network.get("earlier", [])]
    of_chain = [one for one in trusted if one["chainId"] == final["chain_id"]]
    need(of_chain, "WrongChain", "the header is of another chain than the one that you trust")
    vouching = [one["validatorsHash"] for one in of_chain if final["height"] <= one["untilHeight"]]
    need(final["validators_hash"].hex() in vouching, "ValidatorsNotTrusted", "you do not trust the validators of this header")
    signed = require_final(final)
    need(final["time_ms"] <= now_ms + MAX_CLOCK_DRIFT_MS, "TimeInFuture", "the header's time lies ahead of this clock")
    name = f"header {final['height']} of {final['chain_id']}"
    return f"{name} is signed by {signed} of {len(final['validators'])} trusted validators"


def require_final(final):
    """That more than two thirds of the set that a header itself names signed it, and nobody's signature is wrong; gives how many signed."""
    validators, commit = final["validators"], final["commit"]
    set_hash = merkle_root([bytes_field(1, bytes_field(1, key)) + varint_field(2, power) for key, power in validators])
    need(set_hash == final["validators_hash"], "ValidatorsNotTrusted", "the validators are not those of the header")
    is_of_header = commit["height"] == final["height"] and commit["block_hash"] == final["hash"]
    need(is_of_header, "HeaderNotSigned", "the signatures are for another header")

    need(len(commit["signatures"]) == len(validators), "CommitInvalid", "there is not one vote for each validator")
    signed = []
    for (key, power), vote in zip(validators, commit["signatures"]):
        if vote["flag"] == ABSENT:
            continue
        need(vote["address"] == sha256(key)[:20], "CommitInvalid", "a vote is not in the place of its validator")
        message = vote_bytes(final["chain_id"], commit, vote)
        need(is_signed(key, message, vote["signature"]), "CommitInvalid", "a signature is wrong")
        if vote["flag"] == FOR_BLOCK:
            signed.append(power)
    total = sum(power for _, power in validators)
    need(3 * sum(signed) > 2 * total, "CommitInvalid", "no more than two thirds of the power signed")
    return len(signed)


# ---- State tree --------------------------------------------------------------------------------------------------------------------------

EMPTY = bytes(32)
LEAF_TAG = b"galen/state/leaf".ljust(32, b"\0")
PRESENT, ABSENT_EMPTY, ABSENT_NEIGHBOUR = 0, 1, 2


def state_root(key, value, path):
    """The root to which a path leads from a key and its value, or from the place where the key would be; None for a path that shows neither."""
    if not re.fullmatch(r"[\x20-\x7e]{1,1024}", key):
        return None
    parsed = parse_path(path)
    if parsed is None:
        return None
    kind, siblings, neighbour = parsed
    place = sha256(key.encode())
    if (kind == PRESENT) != (value is not None):
        return None
    if kind == PRESENT:
        node = leaf_of_state(place, sha256(value))
    elif kind == ABSENT_EMPTY:
        node = EMPTY
    elif shared_bits(place, neighbour[0]) in range(len(siblings), 256):
        node = leaf_of_state(*neighbour)
    else:
        return None  # the neighbour does not stand where the key would stand, or it is the key
    for depth in reversed(range(len(siblings))):
        pair = (siblings[depth], node) if bit(place, depth) else (node, siblings[depth])
        node = sha256(b"".join(pair))
    return node


def parse_path(path):
    """Kind, siblings from the root down and the neighbour's two hashes; None unless it is the one form."""
    if len(path) < 3 or path[0] > 2:
        return None
    kind, count = path[0], int.from_bytes(path[1:3], "big")
    bitmap, rest = path[3 : 3 + (count + 7) // 8], path[3 + (count + 7) // 8 :]
    if count > 256 or 8 * len(bitmap) < count:
        return None
    bits = [bit(bitmap, depth) for depth in range(8 * len(bitmap))]
    hashes = [rest[at : at + 32] for at in range(0, len(rest), 32)]
    is_whole = len(rest) == 32 * (sum(bits) + (2 if kind == ABSENT_NEIGHBOUR else 0))
    ends_full = count == 0 or bits[count - 1] == 1
    if not is_whole or not ends_full or any(bits[count:]) or EMPTY in hashes[: sum(bits)]:
        return None
    full = iter(hashes)
    siblings = [next(full) if is_full else EMPTY for is_full in bits[:count]]
    return kind, siblings, tuple(full)


def leaf_of_state(place, value_hash):
    return sha256(sha256(place + value_hash) + LEAF_TAG)


def bit(data, at):
    return data[at // 8] >> (7 - at % 8) & 1


def shared_bits(one, other):
    return 256 - (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_length()


# ---- Merkle trees of RFC 6962 ------------------------------------------------------------------------------------------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


def merkle_root(leaves):
    if not leaves:
        return sha256(b"")
    level = [sha256(b"\0" + leaf) for leaf in leaves]
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [sha256(b"\1" + pair[0] + pair[1]) if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0]


def root_of_path(leaf, index, total, path):
    """The root to which an audit path leads from the leaf at `index` of `total`; None if it has another length than that place needs."""
    if not 0 <= index < total or any(len(sibling) != 32 for sibling in path):
        return None
    node, siblings, last = sha256(b"\0" + leaf), iter(path), total - 1
    while last > 0:
        if index % 2 == 1 or index < last:
            sibling = next(siblings, None)
            if sibling is None:
                return None
            node = sha256(b"\1" + (sibling + node if index % 2 == 1 else node + sibling))
        index, last = index // 2, last // 2
    return node if next(siblings, None) is None else None


# ---- Bytes that CometBFT hashes and signs ------------------------------------------------------------------------------------------------


def varint(number):
    number %= 2**64  # negative numbers in two's complement
    groups = bytearray()
    while number > 127:
        groups.append(number & 127 | 128)
        number >>= 7
    return bytes(groups) + bytes([number])


def varint_field(tag, number):
    return varint(tag << 3) + varint(number) if number else b""


def fixed64_field(tag, number):
    return varint(tag << 3 | 1) + number.to_bytes(8, "little") if number else b""


def bytes_field(tag, data):
    return message_field(tag, data) if data else b""


def message_field(tag, data):
    """Unlike other fields a message is written even when it is empty."""
    return varint(tag << 3 | 2) + varint(len(data)) + data


def timestamp(moment):
    seconds, nanos = moment
    return varint_field(1, seconds) + varint_field(2, nanos)


def block_id(block_hash, parts_total, parts_hash):
    return bytes_field(1, block_hash) + message_field(2, varint_field(1, parts_total) + bytes_field(2, parts_hash))


ABSENT, FOR_BLOCK, FOR_NIL = 1, 2, 3
PRECOMMIT = 2


def vote_bytes(chain_id, commit, vote):
    """What a validator signs: CanonicalVote with its length in front. A vote for no block leaves the block's id out."""
    voted = message_field(4, commit["block_id"]) if vote["flag"] == FOR_BLOCK else b""
    message = b"".join([
        varint_field(1, PRECOMMIT),
        fixed64_field(2, commit["height"]),
        fixed64_field(3, commit["round"]),
        voted,
        message_field(5, timestamp(vote["time"])),
        bytes_field(6, chain_id.encode()),
    ])
    return varint(len(message)) + message


# ---- Ed25519 by the rules of ZIP-215, on the formulas of RFC 8032, section 5.1.4 -----------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)


def is_signed(public_key, message, signature):
    """True if 8·s·B = 8·R + 8·k·A. Encodings of points that are not reduced count; an s that is not does not."""
    point_r, point_a = decode_point(signature[:32]), decode_point(public_key)
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or point_r is None or point_a is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % ORDER
    rest = add(add(multiply(s, BASE), negate(multiply(k, point_a))), negate(point_r))
    for _ in range(3):
        rest = add(rest, rest)
    x, y, z, _ = rest
    return x == 0 and y == z


def decode_point(encoded):
    number = int.from_bytes(encoded, "little")
    y, is_odd = number % 2**255 % P, number >> 255
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == -u % P:
        x = x * ROOT_OF_MINUS_1 % P
    if v * x * x % P != u:
        return None
    if x % 2 != is_odd:
        x = -x % P
    return (x, y, 1, x * y % P)


def add(one, other):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b = (y1 - x1) * (y2 - x2), (y1 + x1) * (y2 + x2)
    c, d = 2 * D * t1 * t2, 2 * z1 * z2
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def negate(point):
    x, y, z, t = point
    return (-x % P, y, z, -t % P)


def multiply(number, point):
    product = IDENTITY
    while number > 0:
        if number & 1:
            product = add(product, point)
        point, number = add(point, point), number >> 1
    return product


BASE = decode_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


# ---- The file: one form for each value, so that nothing in it is passed over ---------------------------------------------------------------


def read_file(text):
    try:
        need(len(text) <= MAX_CHARACTERS, "Malformed", "the file is too long")
        file = json.loads(text)
        is_file = isinstance(file, dict) and file.get("format") == "galen-proof"
        need(is_file, "Malformed", "this is no proof file of Galen")
        is_known = type(file.get("version")) is int and file["version"] == 1
        need(is_known, "VersionUnknown", "this proof file comes from a newer version of Galen")
        proofs = items(fields(file, "format", "version", "proofs")[2], MAX_PROOFS)
        need(proofs, "Malformed", "there is no proof in the file")
        # A field given twice, a number or a character written otherwise would read as another text than the one that is checked.
        need(squeezed(text) == squeezed(json.dumps(file, ensure_ascii=False)), "Malformed", "the JSON is not in its one form")
        return [read_proof(proof) for proof in proofs]
    except (ValueError, RecursionError) as error:
        raise Refusal("Malformed", f"this is no JSON of a proof file ({error})") from error


def squeezed(text):
    return re.sub(r"[ \t\n\r]", "", text)


def read_proof(json_proof):
    need(isinstance(json_proof, dict), "Malformed", "a proof is an object")
    kind = json_proof.get("kind")
    need(kind in ("state", "transaction"), "Malformed", "a proof is of state or of a transaction")
    return read_state(json_proof) if kind == "state" else read_transaction(json_proof)


def read_state(json_proof):
    names = "kind", "key", "height", "value", "proof", "signedHeader", "validators"
    kind, key, height, value, path, signed_header, validators = fields(json_proof, *names)
    return {
        "kind": kind,
        "key": string(key),
        "height": integer(height),
        "value": None if value is None else hexadecimal(value),
        "path": hexadecimal(path),
        "final": read_final(signed_header, validators),
    }


def read_transaction(json_proof):
    names = ("kind", "txHash", "height", "index", "total", "bytes", "inclusion", "result", "resultInclusion", "events",
             "signedHeader", "validators", "nextSignedHeader", "nextValidators")  # fmt: skip
    kind, tx_hash, height, index, total, tx, inclusion, result, result_inclusion, events, *finals = fields(json_proof, *names)
    code, data = fields(result, "code", "data")
    return {
        "kind": kind,
        "tx_hash": string(tx_hash),
        "height": integer(height),
        "index": integer(index),
        "total": integer(total),
        "bytes": hexadecimal(tx),
        "inclusion": [hexadecimal(sibling) for sibling in items(inclusion, 64)],
        "code": integer(code),
        "data": hexadecimal(data),
        "result_inclusion": [hexadecimal(sibling) for sibling in items(result_inclusion, 64)],
        "events": [hexadecimal(event) for event in items(events, MAX_EVENTS)],
        "final": read_final(*finals[:2]),
        "next_final": read_final(*finals[2:]),
    }


def read_final(signed_header, json_validators):
    header, commit = fields(signed_header, "header", "commit")
    validators = [read_validator(validator) for validator in items(json_validators)]
    in_order = sorted(validators, key=lambda validator: (-validator[1], sha256(validator[0])))
    need(validators == in_order, "Malformed", "validators stand by falling power, then by address")
    return {**read_header(header), "commit": read_commit(commit), "validators": validators}


HASHES = ("last_commit_hash", "data_hash", "validators_hash", "next_validators_hash", "consensus_hash", "app_hash",
          "last_results_hash", "evidence_hash")  # fmt: skip


def read_header(json_header):
    names = "version", "chain_id", "height", "time", "last_block_id"
    version, chain_id, height, moment, last, *json_hashes, proposer = fields(json_header, *names, *HASHES, "proposer_address")
    block_protocol, app_version = [decimal(number) for number in fields(version, "block", "app")]
    last_block_hash, *last_parts = read_block_id(last)
    hashes = [hash_or_none(one) for one in json_hashes]
    leaves = [
        varint_field(1, block_protocol) + varint_field(2, app_version),
        bytes_field(1, string(chain_id).encode()),
        varint_field(1, decimal(height)),
        timestamp(read_time(moment)),
        block_id(last_block_hash, *last_parts),
        *[bytes_field(1, one) for one in [*hashes, upper_hexadecimal(proposer, 20)]],
    ]
    seconds, nanos = read_time(moment)
    return {
        "chain_id": chain_id,
        "height": decimal(height),
        "time_ms": seconds * 1000 + nanos // 1_000_000,
        "last_block_hash": last_block_hash,
        **dict(zip(HASHES, hashes)),
        "hash": merkle_root(leaves),
    }


def read_block_id(json_id):
    block_hash, parts = fields(json_id, "hash", "parts")
    total, parts_hash = fields(parts, "total", "hash")
    return hash_or_none(block_hash), natural(total, 2**32 - 1), hash_or_none(parts_hash)


def read_commit(json_commit):
    height, block_round, voted, signatures = fields(json_commit, "height", "round", "block_id", "signatures")
    block_hash, *parts = read_block_id(voted)
    need(signatures, "Malformed", "a commit has signatures")
    return {
        "height": decimal(height),
        "round": natural(block_round, 2**31 - 1),
        "block_hash": block_hash,
        "block_id": block_id(block_hash, *parts),
        "signatures": [read_vote(vote) for vote in items(signatures)],
    }


def read_vote(json_vote):
    names = "block_id_flag", "validator_address", "timestamp", "signature"
    flag, address, moment, signature = fields(json_vote, *names)
    if natural(flag, FOR_NIL) == ABSENT:
        is_bare = (address, moment, signature) == ("", "0001-01-01T00:00:00Z", "")
        need(is_bare, "Malformed", "the vote of an absent validator is bare")
        return {"flag": flag}
    need(flag in (FOR_BLOCK, FOR_NIL), "Malformed", "a vote is absent, for the block or for none")
    vote = {"flag": flag, "address": upper_hexadecimal(address, 20), "time": read_time(moment), "signature": base_64(signature)}
    need(len(vote["signature"]) == 64, "Malformed", "a signature has 64 bytes")
    return vote


def read_validator(json_validator):
    """Key and power. The address follows from the key."""
    address, public_key, power, priority = fields(json_validator, "address", "pub_key", "voting_power", "proposer_priority")
    key_type, key = fields(public_key, "type", "value")
    key, power = base_64(key), decimal(power, MAX_POWER)
    is_whole = key_type == "tendermint/PubKeyEd25519" and len(key) == 32 and power > 0 and priority == "0"
    need(is_whole and upper_hexadecimal(address, 20) == sha256(key)[:20], "Malformed", "a validator's address is not that of its key")
    return key, power


# ---- JSON values -------------------------------------------------------------------------------------------------------------------------


def fields(value, *names):
    """The fields of an object that has these and no others, in the order of the names."""
    need(isinstance(value, dict) and set(value) == set(names), "Malformed", f"an object with {', '.join(names)} is needed")
    return [value[name] for name in names]


def items(value, most=10_000):
    need(isinstance(value, list) and len(value) <= most, "Malformed", f"a list of at most {most} is needed")
    return value


def string(value):
    need(isinstance(value, str), "Malformed", "a text is needed")
    return value


def integer(value):
    need(type(value) is int and abs(value) <= MAX_INTEGER, "Malformed", "an integer is needed")
    return value


def natural(value, most):
    need(0 <= integer(value) <= most, "Malformed", f"an integer from 0 to {most} is needed")
    return value


def decimal(value, most=MAX_INTEGER):
    is_decimal = re.fullmatch(r"0|[1-9][0-9]{0,18}", string(value))
    need(is_decimal and int(value) <= most, "Malformed", "an integer as text is needed")
    return int(value)


def hexadecimal(value, digits="0-9a-f"):
    need(re.fullmatch(f"([{digits}]{{2}})*", string(value)), "Malformed", f"pairs of the digits {digits} are needed")
    return bytes.fromhex(value)


def upper_hexadecimal(value, size):
    data = hexadecimal(value, "0-9A-F")
    need(len(data) == size, "Malformed", f"{size} bytes are needed")
    return data


def hash_or_none(value):
    return b"" if value == "" else upper_hexadecimal(value, 32)


def base_64(value):
    data = base64.b64decode(string(value), validate=True)
    need(base64.b64encode(data).decode() == value, "Malformed", "base64 in its one form is needed")
    return data


def read_time(value):
    """Seconds since 1970 and nanoseconds."""
    match = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{0,8}[1-9]))?Z", string(value))
    need(match, "Malformed", "a time as in 2026-01-31T08:30:00.123456789Z is needed")
    since = datetime.datetime.strptime(match[1], "%Y-%m-%dT%H:%M:%S") - datetime.datetime(1970, 1, 1)
    return since.days * 86_400 + since.seconds, int((match[2] or "").ljust(9, "0"))


def read_network(text):
    """Whom the user trusts: a chain, its validators, and sets that were followed to them, each with the height until which it vouches."""
    network = json.loads(text)
    try:
        sets = [network, *network.get("earlier", [])]
        is_whole = all(isinstance(one["chainId"], str) and isinstance(one["validatorsHash"], str) for one in sets)
        if is_whole and all(type(one["untilHeight"]) is int for one in sets[1:]):
            return network
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("the network file has no chainId and validatorsHash") from error
    raise ValueError("chainId and validatorsHash of the network file are texts")


def main(proof_path, network_path):
    try:
        with open(network_path, encoding="utf-8") as network_file:
            network = read_network(network_file.read())
        with open(proof_path, encoding="utf-8", newline="") as proof_file:
            text = proof_file.read()
        for sentence in verify(text, network, time.time_ns() // 1_000_000):
            print(f"holds: {sentence}")
    except (Refusal, OSError, ValueError) as error:
        sys.exit(f"does not hold: {error}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
