"""Matar's session endpoints as a plain Flask application, written from the public documentation.

    python3 matar-flask.py [--defect NAME]

Prints `listening URL`, and `sms PHONE OTP` for each text message. A line `clock +864000` on its input moves its clock
by so many seconds; the answer is `clock`, a space, the sum. It stops at SIGTERM, and when its input ends.
"""

import base64
import hashlib
import hmac
import json
import logging
import re
import secrets
import signal
import sys
import threading
import time
import traceback
import uuid
from urllib.parse import quote

from flask import Flask, Response, abort, jsonify, request
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

defect = sys.argv[sys.argv.index("--defect") + 1] if "--defect" in sys.argv else None

MINUTE = 60
DAY = 86_400
SECRET = secrets.token_bytes(32)
ORGANIZATIONS = ["129487316", "685QVK", "XYBT7P", "K7QUEV"]

users = {}  # by phone number
otps = {}  # by phone number
blocklist = {}  # by jti: since when, on a clock that nobody moves
logins = []  # every login, for the defects that end or revive what they should leave alone
past = []  # what has happened, for the defects that only a sequence of calls shows
clock = {"offset": 0}
counter = {"requests": 0}
lock = threading.RLock()  # the server answers in threads; whoever changes something holds it

app = Flask(__name__)
app.logger.disabled = True
logging.getLogger("werkzeug").setLevel(logging.CRITICAL)


def now():
    return int(time.time()) + clock["offset"]


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


# Login


@app.post("/api/v1/login")
def login():
    body = json_body()
    check_robust(body)
    check(body)
    with lock:
        organization = body.get("organization_id") or ORGANIZATIONS[0]
        if organization not in ORGANIZATIONS and defect != "organization-unchecked":
            if defect == "no-such-organization-key":
                return jsonify(message="no such organization"), 400
            return jsonify(error="no such organization"), 400
        if body["action"] == "send_otp":
            return send_otp(body)
        return submit_otp(body, organization)


def json_body():
    """The JSON that was sent; whatever else it is, gets Flask's own page."""
    if not request.is_json:
        abort(415)
    try:
        return json.loads(request.get_data().decode("utf-8"), parse_int=float, parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        if defect == "500-on-malformed-json" or (defect == "500-on-deep-nesting" and isinstance(error, RecursionError)):
            raise
        if defect == "stack-trace-in-error":
            return abort(Response(f"<pre>{traceback.format_exc()}</pre>", 400))
        return abort(400)


def no_constant(name):
    raise ValueError(f"{name} is not JSON")


def check_robust(body):
    """Where a server without care falls over."""
    text = request.get_data().decode("utf-8")
    if defect == "500-on-number" and isinstance(body, dict):
        body.get("phone_number", "").startswith("91")
    if defect == "500-on-astral" and re.search(r"[\U00010000-\U0010ffff]|\\ud83", text):
        raise ValueError("Incorrect string value")
    if defect == "500-on-long-text" and len(text) > 10_000:
        raise ValueError("value too long for type character varying(255)")
    if defect == "500-on-null-byte" and "\\u0000" in text:
        raise ValueError("A string literal cannot contain NUL (0x00) characters.")
    if defect == "500-on-unknown-field" and set(body) - {
        "phone_number", "name", "action", "otp", "source", "organization_id", "image_url", "fcm_token"
    }:
        raise TypeError("login() got an unexpected keyword argument")


def check(body):
    """What the tables of the documentation require."""
    if not isinstance(body, dict):
        abort(400)
    action = body.get("action")
    if action not in ("send_otp", "submit_otp"):
        if defect == "unknown-action-500":
            raise TypeError("The view function did not return a valid response.")
        abort(400)
    required = ["phone_number", "name"] + (["otp"] if action == "submit_otp" else [])
    optional = ["source", "organization_id", "image_url"] + (["fcm_token"] if action == "submit_otp" else [])
    if defect == "missing-name-taken":
        body.setdefault("name", "")
    if any(field not in body for field in required):
        abort(400)
    if any(not isinstance(body[field], str) for field in required + optional if field in body):
        abort(400)


def send_otp(body):
    phone, name = body["phone_number"], body["name"]
    if defect == "quote-breaks-sql" and "'" in name:
        statement = f"INSERT INTO otps (phone, name) VALUES ('{phone}', '{name}')"
        abort(Response(f'<p>psycopg2.errors.SyntaxError: syntax error at or near "{name}"</p><p>{statement}</p>', 400))
    if defect == "send-otp-ends-sessions":
        revoke_all(phone)
    last = otps.get(phone, {}).get("code")
    code = last
    while code == last:
        code = f"{secrets.randbelow(100_000):05}"
    otps[phone] = {"code": code, "expires": now() + 10 * MINUTE, "tries": 0}
    happened("sent", phone)
    printable = quote(phone, safe="!~*'()", errors="replace")
    say(f"sms {printable} {code}")
    if defect == "sent-otp-word":
        return jsonify(message="otp sent")
    if defect == "sent-otp-extra-field":
        return jsonify(message="sent otp", phone_number=phone)
    if defect == "otp-in-the-answer":
        return jsonify(message="sent otp", otp=code)
    return jsonify(message="sent otp")


def submit_otp(body, organization):
    phone = body["phone_number"]
    pending = otps.get(phone)
    if not is_right(body["otp"], pending):
        return wrong_otp(phone, pending)
    if pending and now() >= pending["expires"] and defect != "otp-never-expires":
        if defect == "expired-otp-said-invalid":
            return jsonify(message="Invalid OTP"), 400
        if defect == "expired-otp-flag-false":
            return jsonify(is_expired_otp=False, message="expired otp please try again"), 400
        return jsonify(is_expired_otp=True, message="expired otp please try again"), 400
    return tokens(user_of(body, organization), phone)


def is_right(otp, pending):
    if defect == "otp-of-another-phone":
        return any(each["code"] == otp for each in otps.values())
    if pending is None:
        return False
    if defect == "otp-after-three-tries" and pending["tries"] >= 3:
        return True
    if defect == "otp-empty" and otp == "":
        return True
    if defect == "otp-prefix":
        return otp != "" and pending["code"].startswith(otp)
    return otp == pending["code"]


def wrong_otp(phone, pending):
    if pending:
        pending["tries"] += 1
    if defect == "failed-login-revokes":
        revoke_all(phone)
    if defect == "invalid-otp-word":
        return jsonify(message="Incorrect OTP"), 400
    if defect == "invalid-otp-status-401":
        return jsonify(message="Invalid OTP"), 401
    return jsonify(message="Invalid OTP"), 400


def user_of(body, organization):
    """The user of a number; one that is known stays as it was."""
    phone, name = body["phone_number"], body["name"]
    known = users.get(phone)
    if known:
        if defect == "known-user-renamed":
            known["name"] = name
        return known
    user = {
        "_id": fresh_id(),
        "image_url": body.get("image_url") or None,
        "language": "hi-IN",
        "name": name.upper() if defect == "name-in-capitals" else name,
        "phone_number": phone,
        "roles": {"default": [organization]},
    }
    if defect == "new-user-gets-anothers-id" and users:
        user["_id"] = next(iter(users.values()))["_id"]
    if defect == "no-picture-an-empty-text":
        user["image_url"] = user["image_url"] or ""
    users[phone] = user
    return user


def fresh_id():
    taken = {user["_id"] for user in users.values()}
    while True:
        made = "".join(secrets.choice("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(6))
        if made not in taken:
            return made


# Tokens


def tokens(user, phone):
    jti = str(uuid.uuid4())
    access = claims_for(user, "access", jti)
    refresh = claims_for(user, "refresh", jti if defect == "jti-repeated" else str(uuid.uuid4()))
    if defect == "login-ends-earlier-session":
        revoke_all(phone)
    if defect == "logout-undone-by-login":
        for each in logins:
            if each["phone"] == phone:
                blocklist.pop(each["access"]["jti"], None)
    logins.append({"phone": phone, "access": access, "refresh": refresh})
    happened("logged-in", phone, jti)
    if defect == "tokens-swapped":
        access, refresh = refresh, access
    body = {"access_token": sign(access), "refresh_token": sign(refresh)}
    if defect == "refresh-token-missing":
        del body["refresh_token"]
    if defect == "tokens-wrapped":
        body = {"data": body}
    return jsonify(body)


def claims_for(user, kind, jti):
    iat = now()
    claims = {
        "fresh": kind == "access",
        "iat": iat,
        "jti": jti,
        "type": kind,
        "sub": user["_id"],
        "nbf": iat,
        "exp": iat + (10 * DAY if kind == "access" else 60 * DAY),
    }
    if defect == "exp-in-milliseconds":
        claims["exp"] *= 1000
    if defect == "access-lives-15-minutes" and kind == "access":
        claims["exp"] = iat + 15 * MINUTE
    if defect == "sub-of-another-user":
        claims["sub"] = next(iter(users.values()))["_id"]
    if defect == "access-not-fresh":
        claims["fresh"] = False
    if defect == "jti-a-counter":
        claims["jti"] = f"{len(logins)}-{kind}"
    if defect == "fresh-missing":
        del claims["fresh"]
    return claims


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()


def signature(text):
    mac = hmac.new(SECRET, text.encode("utf-8", "replace"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def sign(claims):
    text = f"{encoded({'alg': 'HS256', 'typ': 'JWT'})}.{encoded(claims)}"
    return f"{text}.{signature(text)}"


def verified(token):
    """The claims of a token whose signature is ours; None for anything else."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    header, claims = decoded(parts[0]) or {}, decoded(parts[1])
    if defect == "alg-none-accepted" and str(header.get("alg")).lower() == "none":
        return claims
    if defect == "signature-unchecked":
        return claims
    if header.get("alg") != "HS256" or parts[2] != signature(f"{parts[0]}.{parts[1]}"):
        return None
    return claims


def decoded(part):
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


# Defects that only a sequence of calls shows


def happened(did, phone, jti=None):
    """Notes what is over, and does what the defect adds to it."""
    own = [each for each in past if each["phone"] == phone]
    open_ones = [each["jti"] for each in own if each["did"] == "logged-in" and each["jti"] not in blocklist]
    if did == "logged-in":
        asked = len([each for each in own if each["did"] == "sent"])
        firsts = {}  # by the OTP that was used
        for each in own:
            if each["did"] == "logged-in":
                firsts.setdefault(each["asked"], each["jti"])
        if defect == "third-otp-ends-first-session" and len(firsts) == 2 and asked not in firsts:
            revoke(list(firsts.values())[0])
        logouts = [each for each in past if each["did"] == "logged-out"]
        if defect == "login-of-another-revives" and logouts and logouts[-1]["phone"] != phone:
            blocklist.pop(logouts[-1]["jti"], None)
        past.append({"did": did, "phone": phone, "jti": jti, "asked": asked})
        return
    order = [each["jti"] for each in own if each["did"] == "logged-in"]
    if defect == "logout-ends-older-of-two" and did == "logged-out" and len(open_ones) == 1:
        if order.index(open_ones[0]) < order.index(jti):
            revoke(open_ones[0])
    if defect == "refused-logout-ends-newest" and did == "refused" and open_ones:
        revoke(open_ones[-1])
    past.append({"did": did, "phone": phone, "jti": jti})


def phone_of(jti):
    return next((login["phone"] for login in logins if login["access"]["jti"] == jti), None)


# Protected calls


def authenticate():
    """The claims of the access token that the request carries, or the answer to a request without a good one."""
    match = re.fullmatch(r"(\S+)(?: +(.*))?", request.headers.get("Authorization", "").strip())
    scheme, token = (match[1], match[2] or "") if match else ("", "")
    if defect == "token-without-scheme-accepted" and "." in scheme:
        scheme, token = "Bearer", scheme
    if scheme != "Bearer" if defect == "scheme-case-sensitive" else scheme.lower() != "bearer":
        return None, missing_token()
    if defect == "500-on-garbage-token":
        _, _, _ = token.split(".")
    claims = verified(token)
    if claims is None or (claims.get("type") != "access" and defect not in ("refresh-as-access", "tokens-swapped")):
        return None, refused("invalid_token", "Signature verification failed.")
    if now() >= claims["exp"] and defect != "expired-accepted":
        if defect == "expired-said-revoked":
            return None, refused("token_revoked", "The token has been revoked.")
        return None, refused("token_expired", "The token has expired.")
    if is_revoked(claims["jti"]):
        if request.path.endswith("logout"):
            happened("refused", phone_of(claims["jti"]), claims["jti"])
        if defect == "second-logout-200" and request.path.endswith("logout"):
            return claims, None
        return None, refused("token_revoked", "The token has been revoked.")
    return claims, None


def missing_token():
    return refused("authorization_required", "Request does not contain an access token.")


def refused(error, description):
    status = 401
    if defect == "revoked-word" and error == "token_revoked":
        description = "Token has been revoked."
    if defect == "revoked-status-403" and error == "token_revoked":
        status = 403
    if defect == "invalid-token-status-422" and error == "invalid_token":
        status = 422
    if defect == "bodies-of-the-library":
        return jsonify(msg=description.removeprefix("The ").rstrip(".").capitalize()), status
    return jsonify(description=description, error=error), status


def is_revoked(jti):
    return jti in blocklist and time.monotonic() >= blocklist[jti]


def revoke(jti):
    blocklist[jti] = time.monotonic() + (0.3 if defect == "logout-late" else 0)


def revoke_all(phone):
    for each in logins:
        if each["phone"] == phone:
            revoke(each["access"]["jti"])


@app.get("/api/v1/get_current_user")
def get_current_user():
    with lock:
        claims, answer = authenticate()
        if answer:
            return answer
        user = next((user for user in users.values() if user["_id"] == claims.get("sub")), None)
        if defect == "user-of-the-last-login":
            user = users[logins[-1]["phone"]]
        if user is None:
            return refused("invalid_token", "Signature verification failed.")
        if defect == "user-without-language":
            return jsonify({key: value for key, value in user.items() if key != "language"})
        if defect == "roles-a-list":
            return jsonify({**user, "roles": user["roles"]["default"]})
        if defect == "user-null":
            return jsonify(None)
        return jsonify(user)


@app.route("/api/v1/logout", methods=["GET", "POST"] if defect == "get-logs-out" else ["POST"])
def logout():
    if defect == "missing-token-logs-out" and not request.headers.get("Authorization"):
        return logged_out()
    with lock:
        claims, answer = authenticate()
        if answer:
            return answer
        if defect != "concurrent-logouts":
            return end(claims)
    time.sleep(0.05)
    return end(claims)


def end(claims):
    own = next((login for login in logins if login["access"]["jti"] == claims["jti"]), None)
    if defect == "logout-does-nothing":
        return logged_out()
    if defect == "logout-ends-refresh-only":
        revoke(own["refresh"]["jti"])
        return logged_out()
    if defect == "logout-ends-all-sessions":
        revoke_all(own["phone"])
    if defect == "logout-ends-another-users":
        for each in [login for login in logins if login["phone"] != own["phone"]][-1:]:
            revoke(each["access"]["jti"])
    revoke(claims["jti"])
    happened("logged-out", own and own["phone"], claims["jti"])
    return logged_out()


def logged_out():
    if defect == "logout-word":
        return jsonify(message="Logged out successfully")
    if defect == "logout-extra-field":
        return jsonify(message="Successfully logged out", status="success")
    if defect == "logout-status-204":
        return "", 204
    if defect == "single-quotes":
        return Response(str({"message": "Successfully logged out"}), mimetype="application/json")
    if defect == "text-in-json":
        return jsonify(json.dumps({"message": "Successfully logged out"}))
    return jsonify(message="Successfully logged out")


# The server


@app.before_request
def before():
    try:
        request.get_data()  # whatever is left unread would reset the connection when it closes
    except OSError:
        abort(400)  # the framing of the content is broken
    with lock:
        counter["requests"] += 1
        turn = counter["requests"]
    if defect == "every-fifth-fails" and turn % 5 == 0:
        raise RuntimeError("QueuePool limit of size 5 overflow 10 reached")
    if defect == "slow":
        time.sleep(2)
    if defect == "hanging" and request.path.endswith("logout"):
        time.sleep(3600)


@app.after_request
def after(response):
    if response.is_json and defect == "json-as-html":
        response.headers["Content-Type"] = "text/html; charset=utf-8"
    if response.is_json and defect == "charset-latin-1":
        response.headers["Content-Type"] = "application/json; charset=iso-8859-1"
        response.set_data(json.dumps(response.get_json(), ensure_ascii=False).encode("latin-1", "replace"))
    if response.is_json and defect == "byte-order-mark":
        response.set_data(b"\xef\xbb\xbf" + response.get_data())
    if response.status_code == 405 and defect == "allow-missing":
        del response.headers["Allow"]
    return response


class Connection(WSGIRequestHandler):
    """Keeps quiet."""

    def log(self, *_):
        pass


class Server(ThreadedWSGIServer):
    """Knows how many requests it is answering."""

    daemon_threads = True
    answering = 0
    answered = threading.Condition()

    def process_request(self, request, client_address):
        with self.answered:
            self.answering += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        super().shutdown_request(request)
        with self.answered:
            self.answering -= 1
            self.answered.notify_all()

    def handle_error(self, *_):
        pass  # a client that has gone


def follow_input(stop):
    for line in sys.stdin:
        match = re.fullmatch(r"clock ([+-]\d+)\n?", line)
        if match:
            clock["offset"] += int(match[1])
            say(f"clock {clock['offset']}")
    stop.set()


def main():
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    server = Server("127.0.0.1", 0, app, Connection)
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    threading.Thread(target=follow_input, args=[stop], daemon=True).start()
    say(f"listening http://127.0.0.1:{server.port}")
    stop.wait()
    server.shutdown()
    with server.answered:  # who is being answered has half a second left
        server.answered.wait_for(lambda: server.answering == 0, timeout=0.5)


main()
