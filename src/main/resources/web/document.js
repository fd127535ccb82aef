// One document: what is known of it, what can be done with it, and what it was cut into.

import {api} from './api.js';
import {button, el, notify} from './dom.js';
import {choices, openDialog} from './dialogs.js';
import {baseName, bytes, folderOf, number, objectOf, time, words} from './format.js';
import {badge} from './jobs.js';
import {live} from './live.js';
import {passage} from './passage.js';
import {placeLine} from './search.js';
import {session} from './session.js';

const PAGE = 50;
const BEFORE = 3;
const POLL = 500;
const PATIENCE = 30_000;

function chunkItem(chunk, target, question) {
  const isTarget = chunk.id === target;
  return el('li.chunk.card', {
    id: `chunk-${chunk.id}`, tabindex: '-1', class: isTarget ? 'chunk card target' : 'chunk card',
    'aria-current': isTarget ? 'location' : null,
  },
  el('div.line', {}, placeLine(chunk.metadata) ?? el('p.place', {}, 'Text'), el('span.note', {}, `Chunk ${number(chunk.index + 1)}`)),
  passage(chunk.content, question).element);
}

function facts(document_) {
  const fact = (name, value) => (value === null || value === undefined || value === '' ? [] : [el('div', {}, el('dt', {}, name), el('dd', {}, value))]);
  return el('dl.facts', {},
      ...fact('Status', badge(document_.status)),
      ...fact('Chunks', number(document_.chunkCount)),
      ...fact('Size', bytes(document_.size)),
      ...fact('Kind', words(document_.kind)),
      ...fact('Processed', document_.processedAt ? time(document_.processedAt) : null),
      ...fact('Generation', document_.generation),
      ...fact('Type', document_.mediaType));
}

/** Asks how a document is to be deleted; resolves with `file`, `document`, or null. */
async function askHow(document_) {
  const name = baseName(document_.object);
  if (!session.status.uploads) {
    const sure = await openDialog(`Delete ${name}?`, [
      el('p', {}, 'The document, its chunks and its job are removed, and can be found no more. The object stays in its bucket; only a newer version of it is taken again.'),
    ], 'Delete', {danger: true});
    return sure && 'document';
  }
  const answer = await openDialog(`Delete ${name}?`, [
    choices('What is to go?', 'what', [
      {value: 'file', label: 'The file', hint: 'It is removed from the bucket’s folder, and what was made of it follows.'},
      {value: 'document', label: 'Only what was made of it', hint: 'The file stays, and is not taken again until it changes.'},
    ], 'file'),
  ], 'Delete', {danger: true});
  return answer && answer.get('what');
}

/** Waits until the document is gone, as its file is. */
async function awaitGone(object) {
  const until = Date.now() + PATIENCE;
  while (Date.now() < until) {
    if ((await api.documents({object, limit: 1})).documents.length === 0) {
      return true;
    }
    await new Promise((resolve) => { setTimeout(resolve, POLL); });
  }
  return false;
}

export function documentView(parameters, id) {
  const target = parameters.get('chunk') ?? '';
  const question = parameters.get('q') ?? '';
  const abort = new AbortController();
  const title = el('h1', {tabindex: '-1'}, 'Document');
  const head = el('div.document-head');
  const state = el('p.empty', {role: 'status'}, 'Reading …');
  const list = el('ol.chunks');
  const earlier = button('secondary', null, 'Show from the beginning', () => readChunks({from: 0}, true));
  const later = button('secondary', null, 'Show more', () => readChunks({after: next}, false));
  let known = null;
  let next = '';

  async function remove() {
    const how = await askHow(known);
    if (!how) {
      return;
    }
    const name = baseName(known.object);
    try {
      if (how === 'file') {
        const {bucket, name: path} = objectOf(known.object);
        await api.removeFile(bucket, path);
        state.hidden = false;
        state.textContent = 'The file is gone; the document follows in a moment …';
        if (!await awaitGone(known.object)) {
          notify('The file is gone, but the document is still there: see its job', 'bad');
          return;
        }
      } else {
        await api.forget(id);
      }
      notify(`${name} was deleted`);
      location.hash = '#/documents';
    } catch (failure) {
      notify(failure.message, 'bad');
    }
  }

  async function reprocess() {
    try {
      await api.reprocess(id);
      notify(`${baseName(known.object)} is taken again`);
      await readDocument();
    } catch (failure) {
      notify(failure.message, 'bad');
    }
  }

  const actions = el('div.buttons', {},
      button('secondary', 'again', 'Reprocess', reprocess), button('secondary.warns', 'bin', 'Delete', remove));

  async function readDocument() {
    known = await api.document(id, abort.signal);
    title.textContent = baseName(known.object);
    document.title = `${baseName(known.object)} – rag-processor`;
    head.replaceChildren(
        el('p.folder', {}, folderOf(known.object)), facts(known),
        ...(known.error ? [el('p.reason', {}, known.error)] : []), actions);
  }

  async function readChunks(where, anew) {
    try {
      const page = await api.chunks(id, {limit: PAGE, ...where}, abort.signal);
      next = page.next ?? '';
      later.hidden = !next;
      const items = page.chunks.map((chunk) => chunkItem(chunk, target, question));
      if (anew) {
        list.replaceChildren(...items);
        earlier.hidden = (page.chunks[0]?.index ?? 0) === 0;
      } else {
        list.append(...items);
        items[0]?.focus();
      }
      state.hidden = list.children.length > 0;
      state.textContent = known.error ? 'It has no chunks.' : 'It has no chunks yet.';
    } catch (failure) {
      if (failure.name !== 'AbortError') {
        notify(failure.message, 'bad');
      }
    }
  }

  async function open() {
    try {
      await readDocument();
      const index = Number.parseInt(parameters.get('index') ?? '0', 10) || 0;
      await readChunks({from: Math.max(0, index - BEFORE)}, true);
      const place = target && document.getElementById(`chunk-${target}`);
      if (place) {
        place.focus({preventScroll: true});
        place.scrollIntoView({block: 'center'});
      }
    } catch (failure) {
      if (failure.name !== 'AbortError') {
        state.textContent = failure.status === 404 ? 'There is no such document: it may have been deleted.' : failure.message;
      }
    }
  }

  // What its job does, the document shows.
  let seen = '';
  live.addEventListener('jobs', async () => {
    const job = live.jobs.jobs.find((one) => one.documentId === id);
    const now = job ? `${job.generation} ${job.status} ${job.updatedAt}` : '';
    if (known && now && seen && now !== seen) {
      try {
        await readDocument();
        if (job.status === 'processed') {
          await readChunks({from: 0}, true);
        }
      } catch (failure) {
        if (failure.name !== 'AbortError') {
          state.hidden = false;
          state.textContent = failure.message;
        }
      }
    }
    seen = now || seen;
  }, {signal: abort.signal});

  earlier.hidden = true;
  later.hidden = true;
  open();
  return {
    title: 'Document',
    element: el('div.narrow', {},
        el('p.back', {}, question
            ? el('a', {href: `#/search?q=${encodeURIComponent(question)}`}, '‹ Back to the search')
            : el('a', {href: '#/documents'}, '‹ All documents')),
        title, head,
        el('h2', {}, 'Chunks'), state, earlier, list, later),
    close: () => abort.abort(),
  };
}
