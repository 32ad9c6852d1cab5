"""pyotp_code.py SECRET ALGORITHM DIGITS PERIOD TIME: the code by pyotp, the second independent generator."""
import hashlib
import sys

import pyotp

secret, algorithm, digits, period, time = sys.argv[1:]
digest = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA512": hashlib.sha512}[algorithm]
print(pyotp.TOTP(secret, digits=int(digits), digest=digest, interval=int(period)).at(int(time)))
