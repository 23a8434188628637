"""What attackers type: hostile values, YAML that does more than it says, names that are paths, scripts, formulas."""

from itertools import product
from typing import Any

TEXTS = (
    "", " ", "no", "yes", "on", "off", "y", "n", "true", "null", "~", "nan", ".nan", "inf", "-.inf", "1e400", "1e999",
    "012", "0o17", "0x1f", "0b101", "1:30", "190:20:30", "1_000", "+1", "-0", "1.", ".5", "1e5", "2014-05-01", "=",
    "<<",
    "???", "*", "&a", "*a", "!!str", "!!python/object/apply:os.system [ls]", "${oc.env:HOME}", "${study.seed}", "${",
    "$(ls)", "`ls`", "{{7*7}}", "{% raw %}", "%s%n", "%(x)s", "{0}", "\\", "'", '"', "''", "|", ">", "#", "- a", "a: b",
    "_target_", "_recursive_", "hydra", "defaults", "__class__", "__proto__", "constructor", "os.system",
    "builtins.eval", "sim.surfaces.cli.main", "__import__('os').system('ls')", "../x", "../../etc/passwd",
    "/etc/passwd", "..\\x", "C:\\x", "file:///etc/passwd", "~/.ssh/id_rsa", "x.yaml", "a/b", "con", "nul", "aux.yaml",
    "a > b", "a > b > a", "b", "x" * 300, "x" * 12_000, "[" * 200, "{" * 200, "é", "naïve", "🙂", "\u202eabc",
    "\u200b", "\ufeffx", "\u2028", "\x07", "\x1b[31m", "\x7f", "\x85", "a\nb", "a\r\nb", "\t",
    "<script>alert(1)</script>",
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "'; DROP TABLE sessions; --", "levers.hr.od_posts",
    "structure_first", "bromsgrove_redditch", "STRUCTURE_FIRST", "structure_first,parallel", "Bromsgrove", "range(1,3)",
    "glob(*)", "choice(a,b)", "9" * 30, "9" * 5000, "-1", "0", "1", "1.5", "1e-320", "1,5", "1;5", "£5", "10%", "5m",
)  # fmt: skip
"""Words that mean something to a reader, a shell, a template, a spreadsheet or a file system, and numbers like them."""

SCALARS: tuple[Any, ...] = (
    *TEXTS, None, True, False, 0, 1, -1, 2, 7, 0.5, -0.5, 1.0, 1e308, -1e308, 1e-308, 10**15, 10**18, 10**30, -(10**9),
    2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64,
)  # fmt: skip

BOMB = "\n".join(
    ["a0: &a0 [x,x,x,x,x,x,x,x,x]", *(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))]
)
QUADRATIC = "a: &a " + "x" * 9000 + "\nb: [" + ", ".join(["*a"] * 2000) + "]"

UNSAFE_YAML: dict[str, bytes] = {
    "alias bomb": BOMB.encode(),
    "alias bomb in flow": b"{a: &a [x, x], b: &b [*a, *a, *a, *a], c: [*b, *b, *b, *b]}",
    "quadratic aliases": QUADRATIC.encode(),
    "anchor alone": b"name: &here X\n",
    "alias to itself": b"a: &a [*a]\n",
    "merge key": b"base: &b {x: 1}\nname: {<<: *b}\n",
    "merge key without alias": b"name: {<<: {x: 1}}\n",
    "tag of Python": b"name: !!python/object/apply:os.system ['true']\n",
    "tag of Python, new": b"name: !!python/object/new:subprocess.Popen [['true']]\n",
    "tag of Python, name": b"name: !!python/name:os.system\n",
    "tag of Python, module": b"name: !!python/module:os\n",
    "own tag": b"name: !own x\n",
    "tag of its own kind": b"name: !!str x\n",
    "binary": b"name: !!binary aGVsbG8=\n",
    "set": b"name: !!set {a, b}\n",
    "ordered map": b"name: !!omap [a: 1]\n",
    "timestamp tag": b"name: !!timestamp 2014-05-01\n",
    "verbatim tag": b"name: !<tag:yaml.org,2002:str> x\n",
    "tag directive": b"%TAG ! tag:example.org,2014:\n---\nname: !x y\n",
    "version directive": b"%YAML 1.1\n---\nname: X\n",
    "two documents": b"name: X\n---\nname: Y\n",
    "interpolation": b"name: ${oc.env:HOME}\n",
    "interpolation in a key": b"${oc.env:HOME}: X\n",
    "interpolation in quotes": b'name: "a${b}c"\n',
    "interpolation escaped": b'name: "\\u0024{b}"\n',
    "interpolation folded": b"name: >\n  ${oc.env:HOME}\n",
    "missing value": b"name: ???\n",
    "duplicate key": b"name: X\nmeaning: a\nname: Y\n",
    "duplicate key in quotes": b'name: X\n"name": Y\n',
    "duplicate key below": b"levers:\n  pace: {packages_at_once: 1, packages_at_once: 2}\n",
    "number as a key": b"1: X\n",
    "boolean as a key": b"true: X\n",
    "null as a key": b"~: X\n",
    "empty key": b'"": X\n',
    "list as a key": b"[a, b]: X\n",
    "mapping as a key": b"? {a: b}\n: X\n",
    "deep lists": b"name: " + b"[" * 3000 + b"]" * 3000,
    "deep mappings": b"name: " + b"{a: " * 500 + b"x" + b"}" * 500,
    "deep block": b"\n".join(b" " * n + b"a:" for n in range(400)),
    "deep and open": b"name: " + b"[" * 100_000,
    "many values": b"name: [" + b"1," * 50_000 + b"]",
    "many keys": b"\n".join(b"k%d: 1" % n for n in range(30_000)),
    "huge scalar": b"name: " + b"x" * 50_000,
    "huge key": b"k" * 5_000 + b": X\n",
    "huge file": b"name: X\n# " + b"x" * 400_000,
    "huge whole number": b"name: " + b"9" * 5_000 + b"\n",
    "number too large": b"name: 1e999\n",
    "infinity": b"name: .inf\n",
    "not a number": b"name: .NaN\n",
    "NUL": b"name: X\0Y\n",
    "bell": b'name: "\\a"\n',
    "escape sequence": b"name: \x1b[31mred\n",
    "next line": b'name: "a\\Nb"\n',
    "line separator": b'name: "a\\Lb"\n',
    "lone surrogate": b'name: "\\ud800"\n',
    "not UTF-8": b"name: \xff\xfe\n",
    "overlong UTF-8": b"name: \xc0\xaf\n",
    "UTF-16": "name: X\n".encode("utf-16"),
    "UTF-32": "name: X\n".encode("utf-32"),
    "zero width no-break space inside": "name: a\ufeffb\n".encode(),
    "tabs for indents": b"levers:\n\tpace: {}\n",
    "open quote": b"name: 'X\n",
    "open list": b"name: [1, 2\n",
    "a list": b"- name\n",
    "a word": b"name\n",
    "a binary file": bytes(range(256)),
    "a zip file": b"PK\x03\x04" + b"\0" * 60,
    "a pickle": b"\x80\x04\x95\x0f\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x8c\x06system\x93.",
    "empty": b"",
    "only a comment": b"# nothing\n",
    "only an end": b"...\n",
}
"""Files of YAML that a strict reader refuses whatever they are meant to be (Q-B2)."""

TO_HYDRA: dict[str, str] = {
    "target at the top": "_target_: os.system\n",
    "target in a lever": "levers: {pace: {_target_: os.system}}\n",
    "target beside arguments": "levers: {pace: {_target_: os.system, _args_: [ls]}}\n",
    "target in a list": "decisions: [{month: 3, change: {_target_: os.system}}]\n",
    "target in quotes": 'levers: {"_target_": os.system}\n',
    "target escaped": 'levers: {"\\u005ftarget_": os.system}\n',
    "partial": "levers: {_partial_: true}\n",
    "recursive": "levers: {_recursive_: false}\n",
    "convert": "levers: {_convert_: all}\n",
    "instantiate": "levers: {_call_: os.system}\n",
    "hydra node": "hydra: {run: {dir: /tmp/elsewhere}}\n",
    "hydra sweep folder": "hydra: {sweep: {dir: ../elsewhere}}\n",
    "hydra callbacks": "hydra: {callbacks: {x: {_target_: os.system}}}\n",
    "hydra launcher": "hydra: {launcher: {_target_: os.system}}\n",
    "hydra logging": "hydra: {job_logging: {handlers: {x: {filename: /tmp/elsewhere}}}}\n",
    "hydra search path": "hydra: {searchpath: ['file:///tmp']}\n",
    "hydra in quotes": '"hydra": {run: {dir: x}}\n',
    "hydra escaped": '"\\u0068ydra": {run: {dir: x}}\n',
    "defaults list": "defaults: [/partnership: other]\n",
    "defaults override": "defaults: [{override /hydra/launcher: joblib}]\n",
    "self": "_self_: 1\n",
    "name marker": "_name_: x\n",
    "group marker": "_group_: x\n",
    "here": "levers: {_here_: 1}\n",
    "global": "_global_: {levers: {}}\n",
    "package": "_package_: x\n",
}
"""What Hydra would act on, wherever it stands in a file of a user's (Q-B3)."""

TYPED_TO_HYDRA = (
    "hydra/sweeper=basic", "hydra.callbacks.x._target_=os.system",
    "hydra.sweeper._target_=x",
    "hydra.launcher._target_=os.system", "+hydra.x=1", "++hydra.run.dir=/tmp/x", "~hydra",
    "hydra.searchpath=[file://x]",
    "_target_=os.system", "levers._target_=os.system", "levers.pace._target_=os.system", "study._target_=os.system",
    "evidence.time._target_=x", "partnership._target_=x", "levers={_target_: os.system}", "levers.pace={_target_: x}",
    "decisions=[{_target_: os.system}]", "levers.sequence.order=[{_target_: os.system}]", "defaults=[x]",
    "scenario={_target_: os.system}", "partnership={_target_: os.system}", "mechanisms={_target_: x}", "a@b=1",
    "partnership@x=y", "scenario@_global_=parallel", "/scenario=parallel",
    "levers.pace.packages_at_once=${oc.env:HOME}",
    "levers.pace.packages_at_once='${oc.env:HOME}'", "study.name=${hydra:runtime.cwd}", "design.folder=/tmp/x",
    "design.job=0", "--config-path=x", "--config-name=x", "--experimental-rerun=x.pickle",
)  # fmt: skip
"""What must not be typed on a command line (Q-B3)."""

NAMES_THAT_ARE_PATHS = (
    "../parallel", "..", ".", "/etc/passwd", "a/b", "a\\b", "..\\..\\x", "C:x", "C:\\x", "file:///etc/passwd", "~",
    "~root",
    "%2e%2e%2fx", "....//x", "x\0y", "x y", "x\ty", "x\n", "X", "Parallel", "é", "x.yaml", "x.", ".x", "x" * 65,
    "-" * 65,
    "", " ", "con.", "nul:", "*", "?", "[a]", "{a}", "a,b/c", "|x", "x|ls", "$(ls)", "`ls`", "$HOME", "${HOME}", ";ls",
    "a;b", "a&b", "a>b", "a<b", "\u202ex", "\u2024\u2024/x", "\uff0e\uff0e\uff0fx", "<script>", "'x", '"x', "#x", "x#y",
    "@x", "+x", "=x", "http://evil.test/x", "//evil.test/x", "scenario/parallel",
)  # fmt: skip
"""Names that must never reach a file system (Q-B3): a name is `[a-z0-9_-]{1,64}`."""

FORMULAS = (
    "=1+1", "=HYPERLINK(\"http://evil.test\",\"x\")", "=cmd|' /C calc'!A0", "+1+1", "+cmd|' /C calc'!A0", "-1+1",
    "-2+3",
    "-x", "@SUM(1+1)", "@x", "\t=1+1", "\r=1+1", "\tx", "\rx", "=", "+", "-", "@", "\t", "\r", "=\n1", "=1\r\n+1",
    '="x"',
)  # fmt: skip
"""Cells that a spreadsheet would run, or hides what it runs."""

RAN = "window.__ran=1"
_TAGS = (
    "<script>{}</script>", "<img src=x onerror={}>", "<svg/onload={}>", "<svg><script>{}</script></svg>",
    "<body onload={}>", "<details open ontoggle={}>", "<video><source onerror={}></video>", "<audio src=x onerror={}>",
    "<input autofocus onfocus={}>", "<select autofocus onfocus={}>", "<marquee onstart={}>", "<iframe onload={}>",
    "<iframe srcdoc='<script>parent.{}</script>'>", "<a href='javascript:{}'>x</a>", "<form action=javascript:{}>",
    "<object data='javascript:{}'>", "<embed src='javascript:{}'>", "<math><a xlink:href='javascript:{}'>x</a></math>",
    "<style onload={}></style>", "<table background='javascript:{}'>",
)  # fmt: skip
_AROUND = (
    "{}", '">{}', "'>{}", "</title>{}", "</textarea>{}", "</script>{}", "</style>{}", "-->{}", "]]>{}", "</option>{}",
)  # fmt: skip
XSS = tuple(around.format(tag.format(RAN)) for tag, around in product(_TAGS, _AROUND))
"""Two hundred scripts: twenty ways to run one, in ten places that a text may stand in."""

HOSTS = (
    "evil.test", "evil.test:8765", "127.0.0.1", "127.0.0.1:1", "127.0.0.1:8765.evil.test", "localhost.evil.test:8765",
    "127.0.0.1.evil.test:8765", "[::1]:1", "", " ", "0.0.0.0:8765", "127.1:8765", "2130706433:8765", "0x7f000001:8765",
    "127.0.0.2:8765", "[::]:8765", "[::ffff:127.0.0.1]:8765", "localhost:8765@evil.test", "evil.test@localhost:8765",
    "localhost:8765/", "localhost:8765#", "localhost:8765,evil.test", "localhost:08765", "localhost :8765",
    "example.com:80", "169.254.169.254", "localhost:8765\tx",
)  # fmt: skip
"""What a Host header says that is not this server."""

ORIGINS = (
    "http://evil.test", "null", "https://127.0.0.1:8765", "http://127.0.0.1:9999", "",
    "http://localhost.evil.test:8765",
    "http://127.0.0.1:8765.evil.test", "file://", "http://127.0.0.1", "http://127.0.0.1:8765@evil.test",
    "chrome-extension://x", "http://evil.test:8765", "http://localhost:8765/", "data:", "http://[::1]:1", "*",
)  # fmt: skip
"""What an Origin header says that is not this page."""
