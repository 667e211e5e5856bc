// Puts the remembered text size and appearance on the root before anything is drawn, so that nothing flashes or is laid
// out twice. The choices themselves are owned by src/ui/appearance.ts, their names by src/ui/memory.ts.
try {
  var root = document.documentElement
  root.dataset.text = localStorage.getItem('yunting.text-size') || '100'
  root.dataset.theme = localStorage.getItem('yunting.theme') || 'auto'
} catch (_) {
  // storage is switched off in this browser: the page starts with what is usual
}
