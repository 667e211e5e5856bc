// Mouse and fingers on a page, as commands for page_browser.mjs.

/** `named`: the page of a name. */
export const pointer = named => ({
  // with the left button from 30 px inside the first element to 30 px inside the second
  drag_between: async ({ page, from, to }) => {
    const { mouse } = named(page)
    const [a, b] = await Promise.all([from, to].map(selector => named(page).locator(selector).first().boundingBox()))
    await mouse.move(a.x + 30, a.y + 12)
    await mouse.down()
    await mouse.move((a.x + b.x) / 2 + 30, (a.y + b.y) / 2 + 12, { steps: 4 })
    await mouse.move(b.x + 30, b.y + 12, { steps: 4 })
    await mouse.up()
  },
  // with the left button pressed along points of the window; the page draws after every few, so that a busy one drops none
  stroke: async ({ page, points, steps = 3 }) => {
    const { mouse } = named(page)
    await mouse.move(...points[0])
    await mouse.down()
    for (let from = 1; from < points.length; from += 20) {
      await Promise.all(points.slice(from, from + 20).map(([x, y]) => mouse.move(x, y, { steps })))
      await named(page).evaluate(() => new Promise(requestAnimationFrame))
    }
    await mouse.up()
  },
  // two fingers about the middle of an element, from one distance to another
  async pinch ({ page, selector, from, to }) {
    const { x, y, width, height } = await named(page).locator(selector).first().boundingBox()
    const session = await named(page).context().newCDPSession(named(page))
    const at = far => [-1, 1].map((side, id) => ({ x: x + width / 2 + side * far / 2, y: y + height / 2, id }))
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(from) })
    for (const part of [0.25, 0.5, 0.75, 1]) {
      await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(from + (to - from) * part) })
    }
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    await session.detach()
  },
  // a stroke without lifting the button
  press_along: async ({ page, points }) => {
    const { mouse } = named(page)
    await mouse.move(...points[0])
    await mouse.down()
    for (const [x, y] of points.slice(1)) await mouse.move(x, y, { steps: 3 })
  },
  lift: async ({ page }) => { await named(page).mouse.up() },
  hover: async ({ page, selector }) => { await named(page).locator(selector).first().hover() },
  wheel: async ({ page, selector, down }) => { await named(page).locator(selector).hover(); await named(page).mouse.wheel(0, down) },
  // by the middle of what is dragged
  async drag({ page, selector, right }) {
    const dragged = named(page).locator(selector).first()
    await dragged.scrollIntoViewIfNeeded()
    const { x, y, width, height } = await dragged.boundingBox()
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
  double_click: async ({ page, selector }) => { await named(page).locator(selector).first().dblclick() }
})
