// Follows the service by server-sent events, through fetch: an EventSource cannot show a token.
// While nobody sees the page it lets go, for a browser has few connections to one service.

import {api} from './api.js';

const FIRST_PAUSE = 1_000;
const LAST_PAUSE = 15_000;
const KEPT = 600;

export class Live extends EventTarget {
  #controller = null;
  #timer = 0;
  #pause = FIRST_PAUSE;
  #wanted = false;

  /** Rows of `fields`, the oldest first. */
  history = [];
  fields = [];
  /** The newest numbers and jobs; null before the first. */
  numbers = null;
  jobs = null;
  /** Why the jobs are not known; empty when they are. */
  trouble = '';

  constructor() {
    super();
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) {
        this.#letGo();
        this.#tell('state', {state: 'paused'});
      } else if (this.#wanted) {
        this.#connect();
      }
    });
  }

  /** Follows from now on, anew when it does already. */
  start() {
    this.#wanted = true;
    this.jobs = null;
    this.trouble = '';
    this.#connect();
  }

  stop() {
    this.#wanted = false;
    this.#letGo();
  }

  #letGo() {
    clearTimeout(this.#timer);
    this.#controller?.abort();
    this.#controller = null;
  }

  async #connect() {
    this.#letGo();
    if (document.hidden) {
      return;
    }
    const controller = new AbortController();
    this.#controller = controller;
    try {
      const response = await api.live(controller.signal);
      this.#pause = FIRST_PAUSE;
      this.#tell('state', {state: 'live'});
      await this.#read(response.body.getReader());
    } catch (failure) {
      if (controller.signal.aborted) {
        return;
      }
      if (failure.status === 401 || failure.status === 403) {
        this.stop();
        this.#tell('refused', {failure});
        return;
      }
    }
    if (this.#controller === controller && this.#wanted) {
      this.#tell('state', {state: 'lost'});
      this.#timer = setTimeout(() => this.#connect(), this.#pause);
      this.#pause = Math.min(2 * this.#pause, LAST_PAUSE);
    }
  }

  async #read(reader) {
    const decoder = new TextDecoder();
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, {stream: true});
      let end = text.indexOf('\n\n');
      while (end >= 0) {
        this.#take(text.slice(0, end));
        text = text.slice(end + 2);
        end = text.indexOf('\n\n');
      }
    }
  }

  #take(block) {
    let name = 'message';
    let data = '';
    for (const line of block.split('\n')) {
      if (line.startsWith('event: ')) {
        name = line.slice(7);
      } else if (line.startsWith('data: ')) {
        data += line.slice(6);
      }
    }
    const value = JSON.parse(data);
    switch (name) {
      case 'history':
        this.fields = value.fields;
        this.history = value.rows;
        break;
      case 'numbers':
        this.numbers = value;
        this.#remember(value);
        break;
      case 'jobs':
        this.jobs = value;
        this.trouble = '';
        break;
      case 'trouble':
        this.trouble = value.detail;
        break;
      default:
        return; // of a newer service
    }
    this.#tell(name, value);
  }

  #remember({at, pool, inFlight, deliveries}) {
    const answered = Object.values(deliveries).reduce((sum, count) => sum + count, 0);
    const known = {at: Date.parse(at), ...pool, inFlight, deliveries: answered};
    this.history.push(this.fields.map((field) => known[field]));
    if (this.history.length > KEPT) {
      this.history.shift();
    }
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, {detail}));
  }
}

export const live = new Live();
