"""The interpreter behaves as mksh, Android's shell: every case runs on both."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CASES = [
    # words and quotes
    "echo one   two",
    "echo 'one   two' \"three   four\"",
    'echo it\\\'s "a \\"quoted\\" word" \'back\\\\slash\'',
    "echo a\\\nb",
    "echo 'new\nline'",
    "echo \"dollar \\$HOME\" '$HOME' \\$HOME",
    'echo "tick \\` \\x"',
    "echo a'b'\"c\"d",
    "echo ''",
    "printf '[%s]' '' \"\" a; echo",
    "echo # a comment",
    "echo a#b '#c'",
    "# nothing\necho after",
    # variables
    "x=1; echo $x ${x} \"$x\" '$x' ${x}2 $x2",
    "x='a b'; printf '<%s>' $x \"$x\"; echo",
    "x='  a   b  '; printf '<%s>' $x; echo; echo \"$x\"",
    "x=; printf '<%s>' $x \"$x\" end; echo",
    "echo [${nope}] [${nope:-d}] [${nope-d}] [${nope:+s}]",
    "x=; echo [${x:-d}] [${x-d}] [${x:+s}] [${x+s}]",
    "echo ${y:=set} $y",
    "x=hello; echo ${#x}",
    "p=/a/b/c.tar.gz; echo ${p##*/} ${p#*/} ${p%.*} ${p%%.*}",
    "x='*'; echo \"$x\" '*' \\*",
    "a=1 b=2; echo $a$b",
    "x=1; x=2 true; echo $x",
    "x=5; y=$x$x; echo $y",
    "IFS=:; x=a:b::c; printf '<%s>' $x; echo",
    "x=out; (x=in; echo $x); echo $x",
    "x=out; { x=in; }; echo $x",
    "unset HOME; echo [${HOME-none}]",
    "export A=3; echo $A",
    "set -- a 'b c' d; echo $#; printf '<%s>' \"$@\"; printf '<%s>' $*; shift; echo $1",
    # exit codes
    "true; echo $?; false; echo $?",
    "false",
    "exit 7",
    "true; exit",
    "(exit 3); echo $?",
    "x=$(exit 4); echo $?",
    "! true; echo $?; ! false; echo $?",
    "no-such-command-here; echo $?",
    "./no/such/file; echo $?",
    "false; x=1; echo $?",
    # lists
    "true && echo yes || echo no",
    "false && echo yes || echo no",
    "false || false || echo third",
    "true && false; echo $?",
    "true ||\necho never; echo after",
    "echo a;echo b;",
    "{ echo a; echo b; }",
    "(echo a; exit 2; echo never); echo $?",
    # pipes
    "echo hello | cat",
    "printf 'b\\na\\nc\\n' | sort | head -n 1",
    "false | true; echo $?; true | false; echo $?",
    "echo a | { read x; echo got $x; }",
    "echo a | read x; echo [$x]",
    "printf 'a b\\nc d\\n' | while read one two; do echo $two-$one; done",
    "echo out | cat | cat | wc -l | tr -d ' '",
    "! echo a | grep -q b; echo $?",
    "yes | head -n 2",
    "printf 'x' | cat; echo",
    # substitution
    "echo $(echo one; echo two)",
    'echo "$(echo one; echo two)"',
    "echo \"$(printf 'a\\n\\n\\n')\"b",
    "echo $(echo $(echo deep))",
    "echo `echo tick` \"`echo 'a  b'`\"",
    "x=$(false) && echo yes || echo no",
    "echo $((1 + 2 * 3)) $((7 / 2)) $((-7 % 3)) $((2 > 1 && 0))",
    "i=3; echo $((i + 1)) $(( (i + 1) * 2 ))",
    'echo "$(echo "in\'ner" \')\')"',
    # redirections
    "echo gone >/dev/null; echo $?",
    "echo err >&2",
    "{ echo out; echo err >&2; } 2>&1 | sort",
    "{ echo out; echo err >&2; } 2>/dev/null",
    "no-such-command-here 2>/dev/null; echo $?",
    "echo one >f; echo two >>f; cat f; cat <f | wc -l | tr -d ' '",
    "echo a >f; >f; wc -c <f | tr -d ' '",
    "cat </no/such; echo $?",
    "echo x >/no/such/file; echo $?",
    "for i in 1 2; do echo $i; done >f; cat f",
    "if true; then echo in; fi >f 2>&1; cat f",
    "echo a >f; while read l; do echo [$l]; done <f",
    "echo first 3>&1 >&3",
    "{ no-such-command-here; } 2>f; test -s f; echo $?",
    # compound commands
    "if true; then echo t; else echo f; fi",
    "if false; then echo 1; elif true; then echo 2; else echo 3; fi",
    "if false; then echo 1; fi; echo $?",
    "if [ 1 -eq 1 ] && [ a != b ]; then echo both; fi",
    "for i in a 'b c' d; do echo \"<$i>\"; done",
    "for i in; do echo never; done; echo $?",
    "for i in 1 2 3\ndo\n  [ $i = 2 ] && continue\n  echo $i\ndone",
    "for i in 1 2 3; do for j in a b; do [ $i$j = 2a ] && break 2; echo $i$j; done; done",
    "i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done",
    "i=0; until [ $i -ge 2 ]; do i=$((i+1)); done; echo $i",
    "while true; do break; done; echo $?",
    "case abc in a*) echo a;; *) echo other;; esac",
    "case x in a|x) echo hit;; esac; case q in a) echo no;; esac; echo $?",
    "case '*' in '*') echo star;; esac; case b in [a-c]) echo class;; esac",
    "for f in f1 f2; do echo x >$f; done; echo f[0-9] f? nomatch*",
    "eval 'echo a; echo b'",
    "x='echo hi'; $x; eval \"$x\"",
    "sh -c 'echo $0 $1' zero one",
    # test and [
    "[ a = a ]; echo $?; [ a = b ]; echo $?; [ ! a = b ]; echo $?",
    "[ -n a ]; echo $?; [ -z '' ]; echo $?; [ '' ]; echo $?; [ a ]; echo $?",
    "test 3 -gt 2 -a 1 -lt 2; echo $?; test 1 -gt 2 -o 1 -lt 2; echo $?",
    "[ -e /no ]; echo $?; echo x>f; [ -f f ]; echo $?; [ -d . ]; echo $?; [ -s f ]; echo $?",
    "[ \\( a = b \\) -o \\( 1 = 1 \\) ]; echo $?",
    # echo and printf
    "echo -n no-newline; echo",
    "echo 'tab\\there'",
    "echo -e 'a\\tb'; echo -E 'a\\tb'",
    "echo 'cut\\c off'; echo next",
    "printf '%s-%d|' a 3 b 4; echo",
    "printf '%5s|%-5s|%05d|%x\\n' a b 42 255",
    "printf '%s\\n' one two",
    "printf 'plain\\n'",
    "printf '%b' 'a\\nb\\n'",
    "printf '%%\\101\\n'",
    # faults
    "echo 'open",
    "echo before\necho 'open",
    "echo before; )",
    "if true; then echo",
    "fi",
    ";",
    "&& a",
    "echo $(",
    "echo a |",
    "for",
    "cd /no/such/dir; echo $?",
    "echo ${nope:?gone}; echo never",
    "exit abc",
    "[ 1 -eq 1; echo $?",
]


@pytest.mark.parametrize("script", CASES)
def test_a_script_does_what_mksh_does(
    script: str, run: Any, require_tool: Callable[[str], str], tmp_path: Path
) -> None:
    real = subprocess.run(
        [require_tool("mksh"), "-c", script],
        check=False,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": "/", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=20,
    )
    ours = run(f"cd /data/local/tmp\n{script}")
    assert (ours.code, ours.out) == (real.returncode, real.stdout.decode())
    assert bool(ours.err) == bool(real.stderr), (ours.err, real.stderr)


@pytest.mark.parametrize(
    ("script", "code", "words"),
    [
        ("foo", 127, "/system/bin/sh: foo: inaccessible or not found\n"),
        ("/system", 126, "/system/bin/sh: /system: can't execute: Is a directory\n"),
        (")", 1, "/system/bin/sh: syntax error: unexpected ')'\n"),
        ("echo 'a", 1, "/system/bin/sh: no closing quote\n"),
        ("echo >/system/x", 1, "/system/bin/sh: can't create /system/x: Permission denied\n"),
        ("echo a & echo b", 1, "/system/bin/sh: syntax error: '&' is not supported here\n"),
    ],
)
def test_faults_have_the_words_of_android(script: str, code: int, words: str, run: Any) -> None:
    shown = run(script)
    assert (shown.code, shown.err) == (code, words)


def test_the_host_shell_is_out_of_reach(run: Any, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    assert run(f"cat {tmp_path}/secret; ls {tmp_path}; . {tmp_path}/secret").out == ""
    assert run("/bin/bash -c 'echo out'; python3 -V; ps").out == ""


def test_an_endless_recursion_ends(run: Any) -> None:
    assert run("echo 'sh /data/local/tmp/r' > /data/local/tmp/r; sh /data/local/tmp/r").code != 0


def test_a_variable_cannot_grow_without_end(run: Any) -> None:
    shown = run("x=aaaaaaaaaaaaaaaa; while true; do x=$x$x; done")
    assert shown.code == 1
    assert "Argument list too long" in shown.err
