// The page: finds out who looks, and shows the view that the address names.

import {api} from './api.js';
import {button, el, icon, notify, setText} from './dom.js';
import {choices, openDialog} from './dialogs.js';
import {documentView} from './document.js';
import {documentsView} from './documents.js';
import {relative} from './format.js';
import {jobsView} from './jobs.js';
import {live} from './live.js';
import {overviewView} from './overview.js';
import {searchView} from './search.js';
import {session} from './session.js';
import {applyTheme, chooseTheme, theme} from './theme.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const STATES = {
  waiting: 'Connecting',
  live: 'Live',
  lost: 'Reconnecting',
  paused: 'Paused',
  refused: 'Not signed in',
};

const main = document.getElementById('main');
let view = null;
let shownOnce = false;

function showState(state) {
  document.getElementById('connection').dataset.state = state;
  document.getElementById('connection-text').textContent = STATES[state];
}

function route() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const parameters = new URLSearchParams(query ?? '');
  const [name, id] = path.split('/');
  switch (name) {
    case '':
      return ['overview', overviewView(parameters)];
    case 'search':
      return ['search', searchView(parameters)];
    case 'documents':
      return ['documents', id && UUID.test(id) ? documentView(parameters, id) : documentsView(parameters)];
    case 'jobs':
      return ['jobs', jobsView(parameters)];
    default:
      return ['', {title: 'Nothing here', element: el('div', {}, el('h1', {tabindex: '-1'}, 'Nothing here'), el('p', {}, el('a', {href: '#/'}, 'To the overview'))), close() {}}];
  }
}

function show() {
  if (!session.status) {
    return;
  }
  view?.close();
  let name;
  [name, view] = route();
  document.title = `${view.title} – rag-processor`;
  main.replaceChildren(view.element);
  for (const link of document.querySelectorAll('.views a')) {
    if (link.dataset.view === name) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  if (shownOnce) {
    scrollTo(0, 0);
    if (view.focus) {
      view.focus();
    } else {
      main.querySelector('h1')?.focus({preventScroll: true});
    }
  }
  shownOnce = true;
}

/** Asks for a token, where the service wants one. */
function signIn(reason) {
  live.stop();
  showState('refused');
  session.status = null;
  view?.close();
  view = null;
  const field = el('textarea', {id: 'token', rows: '4', required: true, autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'token-hint'});
  const trouble = el('p.reason', {role: 'alert'}, session.token ? reason : '');
  main.replaceChildren(el('div.narrow', {}, el('form.card.sign-in', {on: {submit: (event) => {
    event.preventDefault();
    session.token = field.value.trim();
    open();
  }}},
  el('h1', {tabindex: '-1'}, icon('key'), 'Sign in'),
  el('p', {}, 'This service asks who you are.'),
  el('label', {for: 'token'}, 'OIDC token'), field,
  el('p.note', {id: 'token-hint'}, 'It stays in this tab, until the tab is closed, and is sent to this service only.'),
  trouble,
  el('div.actions', {}, el('button.primary', {type: 'submit'}, 'Sign in')))));
  field.focus();
}

function cannotOpen(failure) {
  showState('lost');
  main.replaceChildren(el('div.narrow', {}, el('div.card', {},
      el('h1', {tabindex: '-1'}, 'Not available'), el('p.reason', {role: 'alert'}, failure.message),
      el('div.actions', {}, button('primary', 'again', 'Try again', open)))));
}

async function open() {
  try {
    session.open(await api.status());
    live.start();
    show();
  } catch (failure) {
    if (failure.status === 401) {
      signIn(failure.message);
    } else {
      cannotOpen(failure);
    }
  }
}

async function settings() {
  const content = [choices('Colours', 'theme', [
    {value: 'system', label: 'As the system'}, {value: 'light', label: 'Light'}, {value: 'dark', label: 'Dark'},
  ], theme())];
  const fixed = session.status?.tenantIsFixed;
  if (session.status) {
    const known = el('datalist', {id: 'tenants'});
    content.push(el('div.setting', {},
        el('label', {for: 'tenant'}, 'Tenant'),
        el('input', {id: 'tenant', name: 'tenant', list: 'tenants', value: session.tenant, readonly: fixed, pattern: '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}', required: true, autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'tenant-hint'}),
        known,
        el('p.note', {id: 'tenant-hint'}, fixed ? 'Your token says which.' : 'Whose documents and jobs are shown: a UUID.')));
    if (!fixed) {
      api.tenants().then(
          ({tenants}) => known.replaceChildren(...tenants.map(({id}) => el('option', {value: id}))),
          () => {}); // a help only: the field takes any
    }
    content.push(el('p.note', {}, `rag-processor ${session.status.version}`));
  }
  if (session.token) {
    content.push(el('label.choice', {}, el('input', {type: 'checkbox', name: 'sign-out'}), el('span', {}, el('strong', {}, 'Sign out'), el('small', {}, 'Forgets the token.'))));
  }
  const answer = await openDialog('Settings', content, 'Save');
  if (!answer) {
    return;
  }
  chooseTheme(answer.get('theme'));
  if (answer.get('sign-out')) {
    session.token = '';
    location.reload();
    return;
  }
  const tenant = answer.get('tenant')?.toLowerCase();
  if (tenant && !fixed && tenant !== session.tenant) {
    session.choose(tenant);
    live.start();
    show();
    notify('Another tenant’s documents and jobs are shown now');
  }
}

applyTheme();
setInterval(() => {
  for (const shown of document.querySelectorAll('time[data-relative]')) {
    setText(shown, relative(shown.dateTime));
  }
}, 5_000);
addEventListener('hashchange', show);
document.getElementById('settings').addEventListener('click', settings);
document.getElementById('skip').addEventListener('click', () => main.focus());
live.addEventListener('state', (event) => showState(event.detail.state));
live.addEventListener('refused', (event) => signIn(event.detail.failure.message));
// A file that misses its place must not replace the page.
for (const event of ['dragover', 'drop']) {
  addEventListener(event, (missed) => missed.preventDefault());
}
open();
