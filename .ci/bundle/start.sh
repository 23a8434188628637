#!/bin/sh
# Opens Tandem's page. The first start sets everything up in this folder, from this folder.
cd "$(dirname "$0")" || exit 1
for version in $(sort -t. -k2 -rn pythons.txt); do
    if "python$version" -c "" >/dev/null 2>&1; then
        exec "python$version" begin.py "$@"
    fi
done
for name in python3 python; do
    if "$name" -c "" >/dev/null 2>&1; then
        exec "$name" begin.py "$@"
    fi
done
echo "Tandem needs Python $(tr '\n' ' ' < pythons.txt)- ask whoever looks after this machine for it." >&2
exit 2
