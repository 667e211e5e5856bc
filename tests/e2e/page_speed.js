// Run before the page's own scripts: how long the page works for a key, until its DOM and layout are done and until the frame.
(() => {
  const speed = (window.speed = { opened: null, remote: [], own: [] })
  const channel = act => { const { port1, port2 } = new MessageChannel(); port1.onmessage = act; port2.postMessage(0) }
  const framed = act => requestAnimationFrame(() => channel(act))
  const box = () => document.querySelector('.transcript-scroll')
  const worked = since => { box()?.getBoundingClientRect(); return performance.now() - since }
  const add = (list, since) => { const work = worked(since); framed(() => list.push({ work, frame: performance.now() - since })) }

  const look = () => {
    if (document.querySelectorAll('.line').length >= 3000) framed(() => (speed.opened = performance.now()))
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)

  let received = 0
  const Plain = WebSocket
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given)
      if (String(given[0]).includes('/collab')) super.addEventListener('message', () => (received = performance.now()))
    }
  }
  const inLine = ({ target }) => (target.nodeType === 1 ? target : target.parentElement)?.closest('.line')
  addEventListener('DOMContentLoaded', () => {
    new MutationObserver(changes => {
      if (!received || !changes.some(inLine)) return
      add(speed.remote, received)
      received = 0
    }).observe(document, { subtree: true, childList: true, characterData: true })
  })
  // what the editor makes of a key is done in the microtasks behind its input event
  addEventListener('keydown', ({ timeStamp }) => {
    addEventListener('input', () => queueMicrotask(() => add(speed.own, timeStamp)), { once: true, capture: true })
  }, true)
})()
