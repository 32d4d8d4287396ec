/** What is asked of a page from within: contrast, names, order of headings, landmarks. */

/** Texts whose contrast is below 4.5 to 1 (WCAG 2.2, 1.4.3). */
function faintTexts() {
  const rgba = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [red = 0, green = 0, blue = 0] = color.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const backgroundOf = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const color = rgba(getComputedStyle(each).backgroundColor);
      if ((color[3] ?? 1) > 0) return color;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes]
      .filter((node) => node.nodeType === 3)
      .map((node) => node.textContent?.trim())
      .join('');
    if (own === '' || !element.checkVisibility() || element.closest(':disabled, script, option') !== null)
      continue;
    const [one, other] = [luminance(rgba(getComputedStyle(element).color)), luminance(backgroundOf(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5)
      faint.push(`${element.tagName}.${element.className} ${own.slice(0, 30)}: ${contrast.toFixed(2)}`);
  }
  return [...new Set(faint)];
}

/** Controls without a name, headings out of order, identifiers that stand twice, missing landmarks. */
function unnamedControls() {
  const wrong = [];
  for (const control of document.querySelectorAll('input, select, button, summary, a'))
    if ((control.closest('label') ?? control).textContent?.trim() === '')
      wrong.push(control.outerHTML.slice(0, 80));
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    const own = Number(heading.tagName.slice(1));
    if (own > level + 1) wrong.push(`${heading.tagName} after H${level}: ${heading.textContent}`);
    level = own;
  }
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  wrong.push(...ids.filter((id, index) => ids.indexOf(id) !== index));
  for (const landmark of ['main', 'nav', 'header', 'footer', 'search'])
    if (document.querySelector(landmark) === null) wrong.push(`no ${landmark}`);
  return wrong;
}

/** Everything that is wrong with the page. */
globalThis.pageProblems = () => [...faintTexts(), ...unnamedControls()];
