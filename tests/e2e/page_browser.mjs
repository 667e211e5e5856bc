// Pages in Chromium driven by JSON lines: {"id", "command", "page", ...} in, {"id", "result"} or {"id", "error"} out.
// It owns the browser and its pages by name; what must hold is the test's business.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import readline from 'node:readline'

const packages = process.env.YUNTING_TEST_PACKAGES ?? new URL('../interop/package.json', import.meta.url)
const require = createRequire(packages)
const { chromium } = require('playwright-core')
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream'
]
const LIMIT = 50_000
const pages = new Map()
let browser = null

function named(name) {
  const found = pages.get(name)
  if (!found) throw new Error(`no page named ${name}`)
  return found.page
}

// one context a page unless it shares another's cookies; every complaint of the browser and foreign request is kept
async function open({ page: name, width = 1280, height = 800, scheme = 'light', beside = null, motion = 'reduce', wire = false, speech = null }) {
  browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS })
  const context = beside
    ? named(beside).context()
    : await browser.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: motion, locale: 'zh-CN' })
  const page = await context.newPage()
  page.setDefaultTimeout(LIMIT)
  if (speech) await page.addInitScript(speaking, speech)
  const complaints = []
  const requests = []
  page.on('pageerror', error => complaints.push(`error: ${error.message}`))
  page.on('console', message => { if (message.type() === 'error') complaints.push(`console: ${message.text()}`) })
  page.on('request', request => requests.push(request.url()))
  page.on('websocket', socket => requests.push(socket.url()))
  const held = wire ? await throughWire(page) : null
  pages.set(name, { page, complaints, requests, held })
}

// in place of the browser's speech, which a headless one lacks: what is to be said is kept, `finish()` ends an utterance
function speaking({ voices }) {
  const speech = new EventTarget()
  const said = { texts: [], current: null, cancelled: 0, finish: () => { const done = said.current; said.current = null; done?.onend?.() } }
  Object.assign(speech, {
    getVoices: () => voices,
    speak: utterance => { said.texts.push(`${utterance.lang} ${utterance.text}`); said.current = utterance },
    cancel: () => { said.current = null; said.cancelled++ }
  })
  Object.defineProperty(window, 'speechSynthesis', { value: speech, configurable: true })
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
  window.said = said
}

// all pages as in a closed laptop: their processes stand still, no timer fires and no frame is read
async function setAsleep(asleep) {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  for (const { type, id } of processInfo) if (type === 'renderer') process.kill(id, asleep ? 'SIGSTOP' : 'SIGCONT')
  await session.detach()
}

function watchForBlank() {
  const SOMETHING = '.skeleton, .line, .waiting, .top-bar h1, .page-header, .notice'
  window.blanks = []
  window.frames_looked_at = 0
  const look = () => {
    const isSeen = [...document.querySelectorAll(SOMETHING)].some(e => e.checkVisibility() && e.getBoundingClientRect().height > 0)
    if (document.body && document.readyState !== 'loading') window.frames_looked_at++
    if (document.body && document.readyState !== 'loading' && !isSeen) window.blanks.push([Math.round(performance.now()), document.body.innerHTML.slice(0, 200)])
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

// the page's documents socket through a wire that can be held: frames of both directions wait then
async function throughWire(page) {
  const wire = { isHeld: false, waiting: [] }
  const pass = send => { if (wire.isHeld) wire.waiting.push(send); else send() }
  await page.routeWebSocket(/\/collab/, near => {
    const far = near.connectToServer()
    near.onMessage(frame => pass(() => far.send(frame)))
    far.onMessage(frame => pass(() => near.send(frame)))
  })
  return wire
}

// asks from outside: the page's own CSP forbids it to evaluate text; a navigation under way counts as "not yet"
async function until(page, expression) {
  const end = Date.now() + LIMIT
  for (;;) {
    const answer = await page.evaluate(expression).catch(error => ({ failed: error.message }))
    if (answer && !answer.failed) return
    if (Date.now() > end) throw new Error(`waited ${LIMIT} ms for ${expression} ${answer?.failed ?? ''} at ${page.url()}`)
    await new Promise(resolve => setTimeout(resolve, 30))
  }
}

// axe runs in a world of its own through the debugger, so that the page's strict CSP stays as it is
async function axe({ page: name, disable = [] }) {
  const page = named(name)
  const session = await page.context().newCDPSession(page)
  const { frameTree } = await session.send('Page.getFrameTree')
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'axe' })
  const run = `${AXE}; axe.run(document, { resultTypes: ['violations'], rules: ${JSON.stringify(Object.fromEntries(disable.map(rule => [rule, { enabled: false }])))} })`
    + `.then(found => JSON.stringify(found.violations.map(v => ({ id: v.id, help: v.help, nodes: v.nodes.map(n => n.html.slice(0, 160) + ' :: ' + n.failureSummary) }))))`
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', { expression: run, contextId: executionContextId, awaitPromise: true })
  await session.detach()
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  return JSON.parse(result.value)
}

// stands between the page and the server's sockets: cuts them, holds back chosen types of control messages, adds frames
async function intercept({ page: name }) {
  const entry = pages.get(name)
  entry.sockets = []
  entry.held = null
  await entry.page.routeWebSocket(/.*/, toPage => {
    if (entry.isCut) return toPage.close(LOST)
    const toServer = toPage.connectToServer()
    entry.sockets.push({ url: toPage.url(), toPage })
    toPage.onMessage(message => toServer.send(message))
    toServer.onMessage(message => {
      const held = typeof message === 'string' && entry.held?.types.includes(JSON.parse(message).type)
      if (held) entry.held.kept.push(() => toPage.send(message))
      else toPage.send(message)
    })
  })
}

const LOST = { code: 1001, reason: '' }

// every socket ends and none begins, until it is mended
async function cut({ page }) {
  const entry = pages.get(page)
  entry.isCut = true
  await Promise.all(entry.sockets.map(({ toPage }) => toPage.close(LOST)))
}

function inject({ page, path, text = null, hex = null }) {
  const { toPage } = pages.get(page).sockets.findLast(socket => socket.url.includes(path))
  toPage.send(text ?? Buffer.from(hex, 'hex'))
}

function free(entry) {
  for (const send of entry.held.kept) send()
  entry.held = null
}

const COMMANDS = {
  open,
  intercept,
  cut,
  mend: ({ page }) => { pages.get(page).isCut = false },
  inject,
  // chosen types of control messages, or with no types all frames of a page opened with `wire`
  hold({ page, types = null }) {
    const entry = pages.get(page)
    if (types) entry.held = { types, kept: [] }
    else entry.held.isHeld = true
  },
  free: ({ page }) => free(pages.get(page)),
  sockets: ({ page }) => pages.get(page).sockets.map(socket => socket.url),
  before: async ({ page, script }) => { await named(page).addInitScript(script) },
  goto: async ({ page, url }) => { await named(page).goto(url) },
  reload: async ({ page }) => { await named(page).reload() },
  back: async ({ page }) => { await named(page).goBack() },
  url: ({ page }) => named(page).url(),
  title: ({ page }) => named(page).title(),
  see: async ({ page, text }) => { await named(page).getByText(text).filter({ visible: true }).first().waitFor() },
  gone: async ({ page, text }) => { await named(page).getByText(text).filter({ visible: true }).first().waitFor({ state: 'hidden' }) },
  press: async ({ page, name, role = 'button' }) => { await named(page).getByRole(role, { name, exact: true }).click() },
  fill: async ({ page, label, text }) => { await named(page).getByLabel(label).fill(text) },
  key: async ({ page, key }) => { await named(page).keyboard.press(key) },
  type: async ({ page, text, delay = 0 }) => { await named(page).keyboard.type(text, { delay }) },
  hover: async ({ page, selector }) => { await named(page).locator(selector).first().hover() },
  click: async ({ page, selector }) => { await named(page).locator(selector).first().click() },
  // an input method at work: each step is what stands underlined on the screen, then what is taken
  async compose({ page, steps, text }) {
    const session = await named(page).context().newCDPSession(named(page))
    for (const step of steps) {
      await session.send('Input.imeSetComposition', { text: step, selectionStart: step.length, selectionEnd: step.length })
      await named(page).evaluate('new Promise(done => requestAnimationFrame(() => setTimeout(done)))')
    }
    if (text !== null) await session.send('Input.insertText', { text })
    await session.detach()
  },
  async paste({ page, text = '', html = '' }) {
    await named(page).evaluate(([plain, rich]) => {
      const clipboardData = new DataTransfer()
      if (plain) clipboardData.setData('text/plain', plain)
      if (rich) clipboardData.setData('text/html', rich)
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, [text, html])
  },
  hover: async ({ page, selector }) => { await named(page).locator(selector).first().hover() },
  allow: async ({ page, permissions }) => { await named(page).context().grantPermissions(permissions) },
  wheel: async ({ page, selector, down }) => { await named(page).locator(selector).hover(); await named(page).mouse.wheel(0, down) },
  // by the middle of what is dragged
  async drag({ page, selector, right }) {
    const { x, y, width, height } = await named(page).locator(selector).first().boundingBox()
    const [startX, startY] = [x + width / 2, y + height / 2]
    await named(page).mouse.move(startX, startY)
    await named(page).mouse.down()
    await named(page).mouse.move(startX + right / 2, startY)
    await named(page).mouse.move(startX + right, startY)
    await named(page).mouse.up()
  },
  // a finger instead of a mouse
  async swipe({ page, selector, right }) {
    const { x, y, width, height } = await named(page).locator(selector).first().boundingBox()
    const session = await named(page).context().newCDPSession(named(page))
    const at = by => [{ x: x + width / 2 + by, y: y + height / 2 }]
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) })
    for (const part of [0.5, 1]) await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(right * part) })
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    await session.detach()
  },
  double_click: async ({ page, selector }) => { await named(page).locator(selector).first().dblclick() },
  text: ({ page, selector = 'body' }) => named(page).locator(selector).first().innerText(),
  texts: ({ page, selector }) => named(page).locator(selector).allInnerTexts(),
  html: ({ page }) => named(page).content(),
  value: ({ page, expression }) => named(page).evaluate(expression),
  wait: ({ page, expression }) => until(named(page), expression),
  resize: async ({ page, width, height }) => { await named(page).setViewportSize({ width, height }) },
  scheme: async ({ page, scheme }) => { await named(page).emulateMedia({ colorScheme: scheme }) },
  media: async ({ page, media }) => { await named(page).emulateMedia({ media }) },
  offline: async ({ page, offline }) => { await named(page).context().setOffline(offline) },
  let_go: ({ page }) => {
    const wire = pages.get(page).held
    wire.isHeld = false
    for (const send of wire.waiting.splice(0)) send()
  },
  complaints: ({ page }) => pages.get(page).complaints,
  requests: ({ page }) => pages.get(page).requests,
  // every string on the heap of the page after a garbage collection
  async heap({ page, words }) {
    const session = await named(page).context().newCDPSession(named(page))
    const chunks = []
    session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
    await session.send('HeapProfiler.enable')
    await session.send('HeapProfiler.collectGarbage')
    await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
    await session.detach()
    const { strings } = JSON.parse(chunks.join(''))
    return words.flatMap(word => strings.filter(string => string.includes(word)).map(string => `${word}: ${string.slice(0, 120)}`))
  },
  axe,
  // on paper, with the grounds that a browser prints only when it is told to
  pdf: async ({ page, path }) => { await named(page).pdf({ path, format: 'A4', printBackground: true, preferCSSPageSize: true }) },
  // from the next address on: every frame on which a person would see nothing but the ground
  watch_for_blank: async ({ page }) => { await named(page).addInitScript(watchForBlank) },
  sleep: async ({ asleep }) => { await setAsleep(asleep) },
  // what the browser says of the page as an application
  async installable({ page }) {
    const session = await named(page).context().newCDPSession(named(page))
    const { url, data, errors } = await session.send('Page.getAppManifest')
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
    await session.detach()
    return { url, data: JSON.parse(data), errors: [...errors, ...installabilityErrors] }
  },
  shot: async ({ page, path }) => { await named(page).screenshot({ path }) },
  async close_all() {
    pages.clear()
    if (browser) await setAsleep(false)
    await Promise.all(browser?.contexts().map(context => context.close()) ?? [])
  },
  quit: async () => { await browser?.close(); browser = null },
  close: async ({ page }) => { await named(page).close(); pages.delete(page) }
}

async function answer(line) {
  const { id, command, ...options } = JSON.parse(line)
  try {
    const result = await COMMANDS[command](options)
    process.stdout.write(JSON.stringify({ id, result: result ?? null }) + '\n')
  } catch (error) {
    process.stdout.write(JSON.stringify({ id, error: String(error?.message ?? error) }) + '\n')
  }
}

readline.createInterface({ input: process.stdin }).on('line', line => { void answer(line) })
  .on('close', async () => { await browser?.close(); process.exit(0) })
