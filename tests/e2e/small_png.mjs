// Pictures of a page in few colours: reads the browser's PNG (8 bits, no interlace) and writes the same picture with a
// palette, a third of the size. It knows no file and no page.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = 8
const MOST = 256

function chunks(png) {
  const found = []
  for (let at = SIGNATURE; at < png.length;) {
    const length = png.readUInt32BE(at)
    found.push({ type: png.toString('latin1', at + 4, at + 8), body: png.subarray(at + 8, at + 8 + length) })
    at += length + 12
  }
  return found
}

function paeth(left, above, corner) {
  const guess = left + above - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? above : corner
}

// the rows without their filters
function pixels(raw, width, height, depth) {
  const row = width * depth
  const out = Buffer.alloc(row * height)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)]
    for (let x = 0; x < row; x++) {
      const at = y * row + x
      const left = x >= depth ? out[at - depth] : 0
      const above = y > 0 ? out[at - row] : 0
      const corner = x >= depth && y > 0 ? out[at - row - depth] : 0
      const add = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter]
      out[at] = raw[y * (row + 1) + x + 1] + add
    }
  }
  return out
}

const far = (one, other) =>
  ((one >> 16) - (other >> 16)) ** 2 + (((one >> 8) & 255) - ((other >> 8) & 255)) ** 2 + ((one & 255) - (other & 255)) ** 2

// the most frequent colours, and for every colour the nearest of them
function palette(colors) {
  const counts = new Map()
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1)
  const kept = [...counts].sort((one, other) => other[1] - one[1]).slice(0, MOST).map(([color]) => color)
  const nearest = new Map()
  for (const color of counts.keys()) {
    let best = 0
    for (let place = 1; place < kept.length; place++) if (far(color, kept[place]) < far(color, kept[best])) best = place
    nearest.set(color, best)
  }
  return { kept, nearest }
}

function chunk(type, body) {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length)
  head.write(type, 4, 'latin1')
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), body])))
  return Buffer.concat([head, body, check])
}

export function small(png) {
  const parts = chunks(png)
  const header = Buffer.from(parts.find(({ type }) => type === 'IHDR').body)
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const depth = { 2: 3, 6: 4 }[header[9]]
  const data = Buffer.concat(parts.filter(({ type }) => type === 'IDAT').map(({ body }) => body))
  const bytes = pixels(inflateSync(data), width, height, depth)
  const colors = new Uint32Array(width * height)
  for (let at = 0; at < colors.length; at++) colors[at] = bytes.readUIntBE(at * depth, 3)
  const { kept, nearest } = palette(colors)
  const rows = Buffer.alloc((width + 1) * height)
  for (let at = 0; at < colors.length; at++) rows[at + Math.floor(at / width) + 1] = nearest.get(colors[at])
  header[9] = 3
  const table = Buffer.concat(kept.map(color => Buffer.from([color >> 16, (color >> 8) & 255, color & 255])))
  const body = deflateSync(rows, { level: 9 })
  return Buffer.concat([png.subarray(0, SIGNATURE), chunk('IHDR', header), chunk('PLTE', table), chunk('IDAT', body), chunk('IEND', Buffer.alloc(0))])
}
