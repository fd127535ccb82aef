// Questions and the passages that answer them.

import {api} from './api.js';
import {button, el, icon} from './dom.js';
import {folderOf, place, plural, words} from './format.js';
import {passage} from './passage.js';

const KINDS = ['documents', 'images', 'audio', 'videos'];
const LIMIT = 10;

/** The field that a question is asked in. */
export function searchForm(question, onAsk, extra = []) {
  const field = el('input', {
    type: 'search', name: 'q', value: question, maxlength: '2000', autocomplete: 'off', spellcheck: 'true',
    placeholder: 'Ask in your own words …', 'aria-label': 'Question', enterkeyhint: 'search',
  });
  return el('form.search', {role: 'search', on: {submit: (event) => {
    event.preventDefault();
    const asked = field.value.trim();
    if (asked) {
      onAsk(asked);
    } else {
      field.focus();
    }
  }}},
  el('div.field', {}, icon('search'), field, el('button.primary', {type: 'submit'}, 'Search')), ...extra);
}

/** Where a passage stands, as steps. */
export function placeLine(metadata) {
  const steps = place(metadata);
  return steps.length === 0 ? null : el('p.place', {}, ...steps.flatMap((step, index) => [
    index > 0 ? el('span.step', {'aria-hidden': 'true'}, '›') : null, el('span', {}, step)]));
}

/** How near a passage is: its text, or the picture or sound that it is about where only that was found. */
function likeness({text, multimodal}) {
  const percent = ({similarity}) => `${Math.round(100 * Math.max(0, similarity))} % alike`;
  return text
      ? el('span.score', {title: 'Cosine similarity of its text with the question'}, percent(text))
      : el('span.score', {title: 'Cosine similarity of the medium itself with the question'}, `Medium ${percent(multimodal)}`);
}

function hitItem(hit, index, question) {
  const {element: text, marked} = passage(hit.content, question);
  const target = new URLSearchParams({chunk: hit.chunkId, q: question});
  if (Number.isFinite(hit.metadata.chunk_index)) {
    target.set('index', hit.metadata.chunk_index);
  }
  const href = `#/documents/${hit.documentId}?${target}`;
  return el('li.hit.card', {},
      el('div.line', {},
          el('h2', {}, el('a', {href}, hit.filename)),
          likeness(hit.rankings)),
      el('p.folder', {}, folderOf(hit.object)),
      placeLine(hit.metadata),
      text,
      el('div.foot', {},
          el('span.note', {}, marked === 0 ? 'Found by its meaning: none of the question’s words are in it.' : ''),
          el('a.go', {href, 'aria-label': `Open the place in ${hit.filename}, result ${index + 1}`}, 'Open the place', icon('open'))));
}

/** The view of a search; question and kind are part of the address. */
export function searchView(parameters) {
  const question = parameters.get('q') ?? '';
  const kind = KINDS.includes(parameters.get('kind')) ? parameters.get('kind') : '';
  const abort = new AbortController();
  const outcome = el('p.lead', {role: 'status'});
  const results = el('ol.hits');

  const address = (asked, chosen) => {
    const query = new URLSearchParams({q: asked});
    if (chosen) {
      query.set('kind', chosen);
    }
    return `#/search?${query}`;
  };
  const chips = question ? el('nav.chips', {'aria-label': 'Kind of file'}, ...['', ...KINDS].map((one) => el('a.chip', {
    href: address(question, one), 'aria-current': one === kind ? 'true' : null,
  }, one ? words(one) : 'Everything'))) : null;

  async function ask() {
    outcome.textContent = 'Searching …';
    try {
      const {results: hits, note} = await api.search(question, kind ? [kind] : [], LIMIT, abort.signal);
      const found = hits.length === 0
          ? 'Nothing was found. What has just been put there can be found a moment later.'
          : `${plural(hits.length, 'passage')}, the nearest in meaning first`;
      outcome.textContent = note ? `${found}. ${note}` : found;
      results.replaceChildren(...hits.map((hit, index) => hitItem(hit, index, question)));
    } catch (failure) {
      if (failure.name !== 'AbortError') {
        outcome.replaceChildren(el('span.reason', {}, failure.message), ' ',
            button('secondary.small', 'again', 'Try again', ask));
      }
    }
  }

  const form = searchForm(question, (asked) => {
    const next = address(asked, kind);
    if (location.hash === next) {
      ask();
    } else {
      location.hash = next;
    }
  });
  if (question) {
    ask();
  } else {
    outcome.textContent = 'Passages are found by their meaning: the words need not be the same, nor the language.';
  }
  return {
    title: question ? `${question} – Search` : 'Search',
    element: el('div.narrow', {}, el('h1', {tabindex: '-1'}, 'Search'), form, chips, outcome, results),
    focus: question ? null : () => form.querySelector('input').focus(),
    close: () => abort.abort(),
  };
}
