// Pages in Chromium driven by JSON lines: {"id", "command", "page", ...} in, {"id", "result"} or {"id", "error"} out.
// It owns the browser and its pages by name; what must hold is the test's business.
import { createRequire } from 'node:module'
import { readFileSync, writeFileSync } from 'node:fs'
import readline from 'node:readline'
import { pointer } from './page_pointer.mjs'
import { small } from './small_png.mjs'

const packages = process.env.YUNTING_TEST_PACKAGES ?? new URL('../interop/package.json', import.meta.url)
const require = createRequire(packages)
const { chromium } = require('playwright-core')
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic']
// cameras and microphones: allowed to every page, there but asked for (which nobody answers), or none
const DEVICES = {
  allowed: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  asked: ['--use-fake-device-for-media-stream'],
  none: []
}
const LIMIT = 50_000
const pages = new Map()
let browser = null
const others = new Map()

function named(name) {
  const found = pages.get(name)
  if (!found) throw new Error(`no page named ${name}`)
  return found.page
}

// what the page shows for 5 (a hint), 8 (a return) or 10 seconds (a command done) stays: those timers never ring
const MAKE_LASTING = `{
  const ring = setTimeout
  window.setTimeout = (act, after, ...rest) => ring(act, [5000, 8000, 10000].includes(after) ? 2 ** 31 - 1 : after, ...rest)
}`

// one context a page unless it shares another's cookies; every complaint of the browser and foreign request is kept
async function open({ page: name, width = 1280, height = 800, scheme = 'light', beside = null, motion = 'reduce', wire = false, speech = null, lasting = false, touch = false, devices = 'allowed' }) {
  const running = await browserWith(devices)
  const context = beside
    ? named(beside).context()
    : await running.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: motion, locale: 'zh-CN', hasTouch: touch })
  const page = await context.newPage()
  page.setDefaultTimeout(LIMIT)
  if (speech) await page.addInitScript(speaking, speech)
  if (lasting) await page.addInitScript(MAKE_LASTING)
  const complaints = []
  const requests = []
  page.on('pageerror', error => complaints.push(`error: ${error.message}`))
  page.on('console', message => { if (message.type() === 'error') complaints.push(`console: ${message.text()}`) })
  page.on('request', request => requests.push(request.url()))
  page.on('websocket', socket => requests.push(socket.url()))
  const held = wire ? await throughWire(page) : null
  pages.set(name, { page, complaints, requests, held })
}

async function browserWith(devices) {
  const start = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: [...FLAGS, ...DEVICES[devices]] })
  if (devices === 'allowed') return (browser ??= await start())
  if (!others.has(devices)) others.set(devices, await start())
  return others.get(devices)
}

const running = () => [...browser ? [browser] : [], ...others.values()]

async function quit() {
  await Promise.all(running().map(each => each.close()))
  browser = null
  others.clear()
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
let isAsleep = false
async function setAsleep(asleep) {
  isAsleep = asleep
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

// a world of its own for axe, through the debugger, so that the page's strict CSP stays as it is; one for each document
async function axeWorld(entry) {
  const session = entry.session ??= await entry.page.context().newCDPSession(entry.page)
  const { frameTree: { frame } } = await session.send('Page.getFrameTree')
  if (entry.world?.loader === frame.loaderId) return entry.world
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frame.id, worldName: 'axe' })
  await session.send('Runtime.evaluate', { expression: AXE, contextId: executionContextId })
  return (entry.world = { loader: frame.loaderId, contextId: executionContextId })
}

const REPORT = `found => JSON.stringify(found.violations.map(
  v => ({ id: v.id, help: v.help, nodes: v.nodes.map(n => n.html.slice(0, 160) + ' :: ' + n.failureSummary) })))`

async function axe({ page: name, also = [], exclude = [] }) {
  const entry = pages.get(name)
  const { contextId } = await axeWorld(entry)
  const enabled = Object.fromEntries(also.map(rule => [rule, { enabled: true }]))
  const options = { resultTypes: ['violations'], rules: enabled }
  const scope = JSON.stringify({ include: [['html']], exclude: exclude.map(selector => [selector]) })
  const expression = `axe.run(${scope}, ${JSON.stringify(options)}).then(${REPORT})`
  const { result, exceptionDetails } = await entry.session.send('Runtime.evaluate', { expression, contextId, awaitPromise: true })
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
    toServer.onMessage(original => {
      const message = typeof original === 'string' ? lied(entry, original) : original
      const held = typeof message === 'string' && entry.held?.types.includes(JSON.parse(message).type)
      if (held) entry.held.kept.push(() => toPage.send(message))
      else toPage.send(message)
    })
  })
}

// what the server says with other words in it, in answers and on text sockets: each lie is an address and pairs of words
const lied = ({ lies = [] }, text) => lies.flatMap(({ pairs }) => pairs).reduce((told, [from, to]) => told.replaceAll(from, to), text)

// `held`: the answers wait until `answer`
async function lie({ page: name, address, pairs, held = false }) {
  const entry = pages.get(name)
  entry.lies = [...entry.lies ?? [], { pairs }]
  const freed = held && new Promise(free => { entry.answer = free })
  await entry.page.route(address, async route => {
    const response = await route.fetch()
    await freed
    await route.fulfill({ response, body: lied(entry, await response.text()) })
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

// an input method at work: each step is what stands underlined on the screen, then what is taken; answers with how many
// of the steps could be seen where the caret is
async function compose(page, session, steps, text) {
  let seen = 0
  for (const step of steps) {
    await session.send('Input.imeSetComposition', { text: step, selectionStart: step.length, selectionEnd: step.length })
    if (await page.evaluate(SHOWN, step)) seen++
  }
  if (text !== null) await session.send('Input.insertText', { text })
  return seen
}

const SHOWN = async step => {
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)))
  return getSelection().focusNode?.textContent.includes(step) ?? false
}

// a row of key presses, typed words and compositions without a question in between
async function hands({ page: name, steps, delay = 0 }) {
  const page = named(name)
  const session = await page.context().newCDPSession(page)
  const counts = { letters: 0, seen: 0 }
  for (const { key, type, letters, taken } of steps) {
    if (key) await page.keyboard.press(key)
    else if (type) await page.keyboard.type(type, { delay })
    else {
      counts.letters += letters.length
      counts.seen += await compose(page, session, letters, taken)
    }
  }
  await session.detach()
  return counts
}

const COMMANDS = {
  ...pointer(named),
  open,
  hands,
  intercept,
  lie,
  answer: ({ page }) => pages.get(page).answer(),
  // the next requests to such an address are lost on the way
  lose: async ({ page, address, times }) => { await named(page).route(address, route => route.abort(), { times }) },
  choose: async ({ page, label, option }) => { await named(page).getByLabel(label).selectOption(option) },
  // the name of the next file that is handed to be kept, and what it says
  download: async ({ page, name }) => {
    const coming = named(page).waitForEvent('download')
    await named(page).getByRole('button', { name, exact: true }).click()
    const file = await coming
    const path = await file.path()
    return { name: file.suggestedFilename(), path, text: readFileSync(path, 'utf8') }
  },
  cut,
  mend: ({ page }) => { pages.get(page).isCut = false },
  inject,
  hold: ({ page, types }) => { pages.get(page).held = { types, kept: [] } },
  free: ({ page }) => free(pages.get(page)),
  // the server ends the page's socket, with a code and a reason
  end: async ({ page, path, code, reason }) => {
    await pages.get(page).sockets.findLast(socket => socket.url.includes(path)).toPage.close({ code, reason })
  },
  // requests to such an address get no answer
  stall: async ({ page, address }) => { await named(page).route(address, () => undefined) },
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
  choose_file: async ({ page, selector, path }) => { await named(page).locator(selector).setInputFiles(path) },
  click: async ({ page, selector }) => { await named(page).locator(selector).first().click() },
  // the selection reaches from the caret to an offset in another element's first text, as by Shift and a click
  select_to: async ({ page, selector, offset }) => {
    await named(page).evaluate(([wanted, at]) => {
      const text = document.createTreeWalker(document.querySelector(wanted), NodeFilter.SHOW_TEXT).nextNode()
      getSelection().extend(text, at)
      return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))
    }, [selector, offset])
  },
  compose: ({ page, steps, text }) => hands({ page, steps: [{ letters: steps, taken: text }] }),
  async paste({ page, text = '', html = '' }) {
    await named(page).evaluate(([plain, rich]) => {
      const clipboardData = new DataTransfer()
      if (plain) clipboardData.setData('text/plain', plain)
      if (rich) clipboardData.setData('text/html', rich)
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, [text, html])
  },
  allow: async ({ page, permissions }) => { await named(page).context().grantPermissions(permissions) },
  text: ({ page, selector = 'body' }) => named(page).locator(selector).first().innerText(),
  texts: ({ page, selector }) => named(page).locator(selector).allInnerTexts(),
  html: ({ page }) => named(page).content(),
  value: ({ page, expression }) => named(page).evaluate(expression),
  wait: ({ page, expression }) => until(named(page), expression),
  resize: async ({ page, width, height }) => { await named(page).setViewportSize({ width, height }) },
  forced_colors: async ({ page, forced }) => { await named(page).emulateMedia({ forcedColors: forced }) },
  scheme: async ({ page, scheme }) => { await named(page).emulateMedia({ colorScheme: scheme }) },
  media: async ({ page, media }) => { await named(page).emulateMedia({ media }) },
  offline: async ({ page, offline }) => { await named(page).context().setOffline(offline) },
  hold_wire: ({ page }) => { pages.get(page).held.isHeld = true },
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
  shot: async ({ page, path }) => { writeFileSync(path, small(await named(page).screenshot())) },
  async close_all() {
    pages.clear()
    if (isAsleep) await setAsleep(false) // never without need: a process that has just ended cannot be signalled
    const contexts = running().flatMap(each => each.contexts())
    // an answer that is under way to a page that goes is nobody's fault, and must not end this process
    await Promise.all(contexts.flatMap(each => each.pages()).map(page => page.unrouteAll({ behavior: 'ignoreErrors' })))
    await Promise.all(contexts.map(context => context.close()))
  },
  quit,
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
  .on('close', async () => { await quit(); process.exit(0) })
