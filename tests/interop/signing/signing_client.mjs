// The page's own signing modules in node: {"id", "command", ...} a line in, {"id", "result"} or {"id", "error"} a line out.
// They are the sources as they stand; node strips the types, and a hook finds the file that an import without an ending means.
import { createInterface } from 'node:readline'
import { registerHooks } from 'node:module'

registerHooks({
  resolve: (specifier, context, next) => next(/^\.\.?\/[^.]*$/.test(specifier) ? `${specifier}.ts` : specifier, context)
})

const source = name => import(new URL(`../../../clients/web/src/signing/${name}.ts`, import.meta.url).href)
const [{ differences, piecesOf }, { isInside, rootOf }, { checkNote, readCheckpoint }, { checkReceipt }, { sealed }, { compare, allAgree }, keys, { fromHex, hex }] =
  await Promise.all(['differences', 'merkle', 'checkpoint', 'receipt', 'envelope', 'verification', 'keys', 'bytes'].map(source))

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }

const COMMANDS = {
  differences: ({ older, newer }) => differences(older, newer),
  pieces: ({ before, after }) => piecesOf(before, after),
  root: async ({ leaves }) => hex(await rootOf(leaves.map(fromHex))),
  inside: ({ leaf, index, size, hashes, root }) => isInside(fromHex(leaf), { index, size, hashes: hashes.map(fromHex) }, fromHex(root)),
  note: async ({ note, vkey }) => {
    const head = readCheckpoint(note)
    return { signed: await checkNote(note, vkey), head: head && { ...head, root: hex(head.root) } }
  },
  receipt: ({ receipt, known }) => checkReceipt(receipt, known),
  // a fresh key's signature over a statement
  seal: async ({ statement }) => {
    const pair = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify'])
    const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
    const fingerprint = await keys.fingerprintOf({ crv, kty, x, y })
    const envelope = await sealed({ ...statement, key: fingerprint }, { private: pair.privateKey, fingerprint })
    return { jwk: { crv, kty, x, y }, fingerprint, envelope }
  },
  compare: async ({ served, ...evidence }) => {
    const findings = await compare({ ...evidence, entry: evidence.entry ?? undefined, served: new TextEncoder().encode(served) })
    return { ...findings, all: allAgree(findings) }
  }
}

async function answer (line) {
  const { id, command, ...fields } = JSON.parse(line)
  try {
    process.stdout.write(JSON.stringify({ id, result: (await COMMANDS[command](fields)) ?? null }) + '\n')
  } catch (error) {
    process.stdout.write(JSON.stringify({ id, error: String(error?.message ?? error) }) + '\n')
  }
}

createInterface({ input: process.stdin }).on('line', line => { void answer(line) })
