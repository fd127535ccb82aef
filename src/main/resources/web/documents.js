// The list of documents.

import {api} from './api.js';
import {button, el} from './dom.js';
import {baseName, bytes, folderOf, number, relative, time, words} from './format.js';
import {badge} from './jobs.js';
import {live} from './live.js';
import {session} from './session.js';
import {uploadPanel} from './upload.js';

const STATUSES = ['', 'completed', 'processing', 'error'];
const PAGE = 50;
const PAUSE = 1_500;

function row(document_) {
  return el('tr', {'data-document': document_.id},
      el('th', {scope: 'row'}, el('div.cell', {},
          el('a.name', {href: `#/documents/${document_.id}`}, baseName(document_.object)),
          el('span.folder', {}, folderOf(document_.object)),
          document_.error ? el('span.reason', {}, document_.error) : null)),
      el('td', {}, badge(document_.status)),
      el('td.number', {'data-unit': document_.chunkCount === 1 ? 'chunk' : 'chunks'}, number(document_.chunkCount)),
      el('td.number', {}, bytes(document_.size)),
      el('td.kind', {}, words(document_.kind)),
      el('td', {}, el('time', {datetime: document_.updatedAt, title: time(document_.updatedAt), 'data-relative': true}, relative(document_.updatedAt))));
}

/** The view of the list; status and prefix are part of the address. */
export function documentsView(parameters) {
  const status = STATUSES.includes(parameters.get('status')) ? parameters.get('status') : '';
  const prefix = parameters.get('prefix') ?? '';
  const abort = new AbortController();
  const body = el('tbody');
  const table = el('table.documents', {},
      el('caption.visually-hidden', {}, 'Documents, the newest first'),
      el('thead', {}, el('tr', {}, ...['Document', 'Status', 'Chunks', 'Size', 'Kind', 'Changed']
          .map((name) => el('th', {scope: 'col', class: name === 'Chunks' || name === 'Size' ? 'number' : null}, name)))),
      body);
  const note = el('p.empty', {role: 'status'}, 'Reading …');
  const more = button('secondary', null, 'Show more', () => read(true));
  let next = '';
  let pages = 1;
  let timer = 0;

  const address = (chosen, begins) => {
    const query = new URLSearchParams();
    if (chosen) {
      query.set('status', chosen);
    }
    if (begins) {
      query.set('prefix', begins);
    }
    return `#/documents${query.size > 0 ? `?${query}` : ''}`;
  };

  async function read(further) {
    try {
      const wanted = further ? PAGE : PAGE * pages;
      const page = await api.documents({status, prefix, limit: Math.min(wanted, 1000), after: further ? next : ''}, abort.signal);
      next = page.next ?? '';
      pages += further ? 1 : 0;
      const focused = body.contains(document.activeElement) ? document.activeElement.closest('tr').dataset.document : null;
      const rows = page.documents.map(row);
      if (further) {
        body.append(...rows);
        rows[0]?.querySelector('a').focus();
      } else {
        body.replaceChildren(...rows);
        rows.find((one) => one.dataset.document === focused)?.querySelector('a').focus();
      }
      more.hidden = !next;
      const none = body.children.length === 0;
      table.hidden = none;
      note.hidden = !none;
      note.textContent = status || prefix ? 'No document is like this.' : 'There is no document yet. Put a file into the bucket.';
    } catch (failure) {
      if (failure.name !== 'AbortError') {
        note.hidden = false;
        note.textContent = failure.message;
      }
    }
  }

  // Jobs change when documents do; a list that a person has paged on in is left alone.
  const refresh = () => {
    if (pages === 1 && timer === 0) {
      timer = setTimeout(() => {
        timer = 0;
        if (!abort.signal.aborted) {
          read(false);
        }
      }, PAUSE);
    }
  };
  live.addEventListener('jobs', refresh, {signal: abort.signal});

  const field = el('input', {type: 'text', name: 'prefix', value: prefix, placeholder: 'gs://bucket/folder/', 'aria-label': 'Path begins with', spellcheck: 'false', autocapitalize: 'off'});
  more.hidden = true;
  table.hidden = true;
  read(false);
  return {
    title: 'Documents',
    element: el('div', {},
        el('h1', {tabindex: '-1'}, 'Documents'),
        session.status.uploads ? uploadPanel(() => read(false)) : null,
        el('div.filters', {},
            el('nav.chips', {'aria-label': 'Filter by status'}, ...STATUSES.map((one) => el('a.chip', {
              href: address(one, prefix), 'aria-current': one === status ? 'true' : null,
            }, one ? words(one) : 'All'))),
            el('form.prefix', {on: {submit: (event) => {
              event.preventDefault();
              location.hash = address(status, field.value.trim());
            }}}, field, el('button.secondary', {type: 'submit'}, 'Filter'))),
        table, note, more),
    close() {
      clearTimeout(timer);
      abort.abort();
    },
  };
}
