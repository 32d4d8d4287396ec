/** The script of the HTML report: the filter, its state in the URL, copying, and what paper needs. All else works without. */

export const script = `'use strict';
(() => {
  const form = document.getElementById('filter');
  const items = [...document.querySelectorAll('.item')];
  const texts = new Map();
  const textOf = (item) => {
    let text = texts.get(item);
    if (text === undefined) texts.set(item, (text = item.textContent.toLowerCase().replace(/\\s+/g, ' ')));
    return text;
  };
  const lists = ['check', 'operation', 'phase'];
  const wanted = () => ({
    words: form.elements.q.value.toLowerCase().split(/\\s+/).filter((word) => word !== ''),
    ranks: [...form.querySelectorAll('[name=rank]:checked')].map((box) => box.value),
    values: lists.map((name) => [name, form.elements[name].value]).filter(([, value]) => value !== ''),
  });
  const fits = (item, { words, ranks, values }) => {
    const own = (name) => item.dataset[name] === undefined ? [] : name === 'operation' ? [item.dataset[name]] : item.dataset[name].split(' ');
    if (ranks.length > 0 && !own('rank').some((rank) => ranks.includes(rank))) return false;
    if (!values.every(([name, value]) => own(name).includes(value))) return false;
    return words.every((word) => textOf(item).includes(word));
  };
  const count = (number, one) => number + ' ' + (number === 1 ? one : one + 's');
  const apply = () => {
    const filter = wanted();
    const isActive = filter.words.length + filter.ranks.length + filter.values.length > 0;
    for (const item of items) item.hidden = isActive && !fits(item, filter);
    for (const group of document.querySelectorAll('.group')) group.hidden = group.querySelector('.item:not([hidden])') === null;
    for (const part of document.querySelectorAll('.part')) {
      const all = part.querySelectorAll('.item').length;
      if (all === 0) continue;
      const left = part.querySelectorAll('.item:not([hidden])').length;
      part.querySelector('.count').textContent = isActive ? left + ' of ' + all : all;
      part.querySelector('.none').hidden = left > 0;
    }
    const shown = (selector) => document.querySelectorAll(selector + '.item:not([hidden])').length;
    form.elements.found.value = isActive ? count(shown('.finding'), 'finding') + ' and ' + count(shown('.workflow'), 'workflow') : '';
    form.querySelector('[type=reset]').disabled = !isActive;
  };
  const write = () => {
    const { ranks, values } = wanted();
    const state = new URLSearchParams();
    if (form.elements.q.value !== '') state.set('q', form.elements.q.value);
    if (ranks.length > 0) state.set('rank', ranks.join(','));
    for (const [name, value] of values) state.set(name, value);
    const fragment = String(state);
    history.replaceState(null, '', fragment === '' ? location.pathname + location.search : '#' + fragment);
  };
  const read = () => {
    const fragment = location.hash.slice(1);
    if (!fragment.includes('=')) return reveal(fragment);
    const state = new URLSearchParams(fragment);
    form.elements.q.value = state.get('q') ?? '';
    const ranks = (state.get('rank') ?? '').split(',');
    for (const box of form.querySelectorAll('[name=rank]')) box.checked = ranks.includes(box.value);
    for (const name of lists) {
      const select = form.elements[name];
      const value = state.get(name) ?? '';
      select.value = [...select.options].some((option) => option.value === value) ? value : '';
    }
    apply();
  };
  const reveal = (id) => {
    const place = id === '' ? null : document.getElementById(id);
    if (place === null) return;
    if (place.closest('[hidden]') !== null) { form.reset(); apply(); }
    place.scrollIntoView();
  };
  form.hidden = false;
  form.addEventListener('input', () => { apply(); write(); });
  form.addEventListener('reset', () => setTimeout(() => { apply(); write(); }));
  form.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('hashchange', () => {
    read();
    if (location.hash.includes('=')) document.getElementById('findings').scrollIntoView();
  });
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(?:INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) return;
    event.preventDefault();
    form.elements.q.focus();
  });
  for (const place of document.querySelectorAll('.copied')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', () => {
      const text = place.querySelector('pre').textContent;
      let isCopied = false;
      // Works from a file, too, where the Clipboard API may ask first.
      const copy = (event) => {
        event.clipboardData.setData('text/plain', text);
        event.preventDefault();
        isCopied = true;
      };
      document.addEventListener('copy', copy);
      document.execCommand('copy');
      document.removeEventListener('copy', copy);
      if (!isCopied) getSelection().selectAllChildren(place.querySelector('pre'));
      button.textContent = isCopied ? 'Copied' : 'Selected';
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    place.append(button);
  }
  document.addEventListener('click', (event) => {
    const name = event.target instanceof Element && event.target.matches('.masked:not(.same)') ? event.target.textContent : undefined;
    for (const same of document.querySelectorAll('.masked.same')) same.classList.remove('same');
    if (name === undefined) return;
    for (const masked of document.querySelectorAll('.masked')) masked.classList.toggle('same', masked.textContent === name);
  });
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('.sequence details:not([open])')];
    for (const details of opened) details.open = true;
  });
  addEventListener('afterprint', () => { for (const details of opened) details.open = false; });
  apply();
  read();
})();
`;
