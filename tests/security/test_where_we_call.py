"""Threat 19: we call nobody but whom the operator named, by a way that nobody can read or turn round."""

from __future__ import annotations

import pytest

from adapters.safe_url import UnsafeUrl, refuse_unsafe

HOSTILE = """
http://169.254.169.254/latest http://10.0.0.1 http://192.168.1.1:8080 http://172.16.0.1 http://100.64.0.1
http://[::ffff:10.0.0.1] http://[fd00::1] http://[fe80::1] http://0.0.0.0 http://metadata.google.internal
http://127.0.0.1.example.org http://localhost.example.org http://2130706433 http://0x7f000001 http://user@127.0.0.1
https://user:pass@api.example.org https://api.example.org?to=http://10.0.0.1 https://api.example.org#x
ftp://api.example.org file:///etc/passwd gopher://127.0.0.1:6379/_x https:// https://api.example.org:0
""".split()


@pytest.mark.parametrize("url", HOSTILE)
def test_no_secret_travels_there(url: str):
    with pytest.raises(UnsafeUrl) as refused:
        refuse_unsafe(url)

    assert url not in str(refused.value)


def test_there_are_as_many_as_the_threat_table_wants():
    assert len(HOSTILE) >= 23
