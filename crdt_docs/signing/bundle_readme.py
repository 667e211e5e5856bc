"""The two texts that lie in every bundle: what it is, and how to check it without this program. Computes nothing."""

from typing import Final

_COMMANDS: Final = """\
# files, exhibits, pictures, PDF
sha256sum exhibits/*/original transcript/v1/transcript.pdf transcript/v1/update.bin

# content_sha256 of a version
{ printf 'yunting.transcript/1\\0'; cat transcript/v1/content.json; } | sha256sum

# a statement S = transcript/v1/statements/PERSON.json (DSSE): the signed bytes
jq -r .payload S | base64 -d > payload
TYPE=$(jq -r .payloadType S)
{ printf 'DSSEv1 %d %s %d ' ${#TYPE} "$TYPE" $(wc -c < payload); cat payload; } > signed

# its signature is r and s, 32 bytes each; openssl wants them as DER
R=$(jq -r '.signatures[0].sig' S | base64 -d | xxd -p -c 64 | cut -c 1-64)
Z=$(jq -r '.signatures[0].sig' S | base64 -d | xxd -p -c 64 | cut -c 65-128)
printf 'asn1=SEQUENCE:rs\\n[rs]\\nr=INTEGER:0x%s\\ns=INTEGER:0x%s\\n' $R $Z > rs.cnf
openssl asn1parse -genconf rs.cnf -noout -out signature.der

# the person's key from keys.json: x and y are base64url, 32 bytes each
KEY=$(jq -r '.signatures[0].keyid' S)
half() { jq -r --arg key $KEY ".keys[] | select(.fingerprint == \\$key) | .jwk.$1" keys.json; }
hex() { half $1 | tr '_-' '/+' | sed 's/$/=/' | base64 -d | xxd -p -c 64; }
printf '3059301306072a8648ce3d020106082a8648ce3d03010703420004%s%s' $(hex x) $(hex y) > key.hex
xxd -r -p key.hex > key.der
openssl pkey -pubin -inform DER -in key.der -out key.pem
openssl dgst -sha256 -verify key.pem -signature signature.der signed
"""

CHINESE: Final = f"""\
云庭庭审卷宗包

这是什么
  本文件包是一次庭审的可独立核验的记录。无需服务器、无需联网、也无需信任制作者：
  凭本包与法院的公钥，即可查明签署了什么文字、由谁签署、先后次序如何，以及其间没有任何内容被删去。

如何核验
  yunting verify hearing.zip --court-key 法院公钥
  请从法院的公开渠道取得公钥；包内 court_key.txt 只是同一公钥的副本，单凭它不能证明来源。

内容
  manifest.json、manifest.sig      清单（每个文件的大小与 SHA-256）及法院对清单的签名
  hearing.json                     庭审、案号、人员
  log.jsonl、checkpoint.txt        庭审日志（每行一条）及法院签名的日志检查点
  court_key.txt、keys.json         法院公钥；签署人的公钥
  transcript/updates.jsonl         笔录的全部修改，按先后次序
  transcript/v1、v2……              每个冻结版本：正文 content.json、update.bin、snapshot.json、PDF、签署声明、手写签名
  exhibits/                        证据原件与列表
  annotations/                     每件证据的批注及其修改记录
  未提供给持有人的内容：日志中 salt 与 payload 为 null 而留有 payload_digest；文件则只在清单 withheld 中留有摘要。

不用本程序如何核验
  日志每条的叶值 = SHA-256(0x00 ‖ JCS(header) ‖ SHA-256(salt ‖ JCS(payload)))，全部叶值构成 RFC 6962 树，
  任何 RFC 6962 工具都能算出 checkpoint.txt 中的根值；
  checkpoint.txt 与 manifest.sig 采用 C2SP signed-note 格式（Ed25519）。
  JCS 即 RFC 8785。签署声明是 DSSE 信封，签名为 ECDSA P-256、SHA-256，原始 r‖s 共 64 字节。
  以下命令用到 sha256sum、jq、base64、xxd、openssl：

{_COMMANDS}"""

ENGLISH: Final = f"""\
A hearing's bundle, made by Yunting

What this is
  The record of one court hearing that anybody can check without a server, without a network and without trusting its
  maker: with this file and the court's public key one can tell which words were signed, by whom, in which order things
  happened, and that nothing was removed.

How to check it
  yunting verify hearing.zip --court-key KEY
  Get the key from where the court publishes it; court_key.txt in here is only a copy and proves no origin by itself.

What is inside
  manifest.json, manifest.sig      size and SHA-256 of every file, and the court's signature over that list
  hearing.json                     the hearing, its case number, its people
  log.jsonl, checkpoint.txt        the hearing's log, one entry a line, and its checkpoint signed by the court
  court_key.txt, keys.json         the court's public key; the signers' public keys
  transcript/updates.jsonl         every change of the transcript, in order
  transcript/v1, v2 ...            each frozen version: content.json, update.bin, snapshot.json, PDF,
                                   statements, handwriting
  exhibits/                        the originals and their list
  annotations/                     the annotations of each exhibit and their changes
  What the holder of this copy may not see: in the log salt and payload are null and payload_digest stays; of a file
  the manifest keeps the digest under "withheld".

How to check it without this program
  An entry's leaf = SHA-256(0x00 || JCS(header) || SHA-256(salt || JCS(payload))); all leaves make an RFC 6962 tree, and
  any RFC 6962 tool computes the root in checkpoint.txt. checkpoint.txt and manifest.sig are C2SP signed notes
  (Ed25519).
  JCS is RFC 8785. A statement is a DSSE envelope; its signature is ECDSA P-256 with SHA-256, raw r || s, 64 bytes.
  These commands use sha256sum, jq, base64, xxd and openssl:

{_COMMANDS}"""

FILES: Final = {"README.zh.txt": CHINESE.encode(), "README.en.txt": ENGLISH.encode()}
