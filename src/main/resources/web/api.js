// Asks the service.

import {session} from './session.js';

/** What the service refused, with its own words. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

function headers(more = {}) {
  return session.token ? {...more, Authorization: `Bearer ${session.token}`} : more;
}

async function refusal(response) {
  let detail = `The service answered ${response.status}`;
  if ((response.headers.get('Content-Type') ?? '').includes('json')) {
    try {
      const problem = await response.json();
      detail = problem.detail ?? detail;
    } catch {
      // Not what it says it is: the status alone is told.
    }
  }
  return new Refused(response.status, detail);
}

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, {...options, headers: headers(options.headers), cache: 'no-store'});
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new Refused(0, 'The service cannot be reached');
  }
  if (!response.ok) {
    throw await refusal(response);
  }
  return response;
}

/** A path with a query; the tenant is part of every one that names things of a tenant. */
function query(path, parameters = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({tenant: session.tenant, ...parameters})) {
    if (value !== undefined && value !== null && value !== '') {
      search.set(name, value);
    }
  }
  return search.size > 0 ? `${path}?${search}` : path;
}

async function json(path, options) {
  return (await ask(path, options)).json();
}

function filePath(bucket, name) {
  return `/buckets/${encodeURIComponent(bucket)}/${name.split('/').map(encodeURIComponent).join('/')}`;
}

export const api = {
  status: () => json('/status'),
  tenants: () => json('/tenants'),

  search: (question, kinds, limit, signal) => json('/search', {
    method: 'POST',
    signal,
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({tenant: session.tenant || undefined, query: question, kinds, limit, threshold: 0.05}),
  }),

  jobs: (parameters, signal) => json(query('/jobs', parameters), {signal}),
  job: (id) => json(query(`/jobs/${id}`)),
  retry: (id) => json(query(`/jobs/${id}/retry`), {method: 'POST'}),
  cancel: (id) => json(query(`/jobs/${id}/cancel`), {method: 'POST'}),

  documents: (parameters, signal) => json(query('/documents', parameters), {signal}),
  document: (id, signal) => json(query(`/documents/${id}`), {signal}),
  chunks: (id, parameters, signal) => json(query(`/documents/${id}/chunks`, parameters), {signal}),
  reprocess: (id) => json(query(`/documents/${id}/reprocess`), {method: 'POST'}),
  forget: (id) => ask(query(`/documents/${id}`), {method: 'DELETE'}),

  buckets: () => json('/buckets'),
  removeFile: (bucket, name) => ask(filePath(bucket, name), {method: 'DELETE'}),

  /** Opens the stream of server-sent events. */
  live: (signal) => ask(query('/live'), {signal, headers: {Accept: 'text/event-stream'}}),

  /**
   * Puts a file into a bucket.
   *
   * @param {function(number)} progress told what part is sent, 0 to 1: fetch cannot
   */
  upload(bucket, name, file, progress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('PUT', filePath(bucket, name));
      for (const [header, value] of Object.entries(headers())) {
        request.setRequestHeader(header, value);
      }
      request.upload.addEventListener('progress', (event) => {
        if (event.lengthComputable && event.total > 0) {
          progress(event.loaded / event.total);
        }
      });
      request.addEventListener('error', () => reject(new Refused(0, 'The service cannot be reached')));
      request.addEventListener('load', () => {
        let answer = {};
        try {
          answer = JSON.parse(request.responseText);
        } catch {
          // The status alone is told.
        }
        if (request.status === 201) {
          resolve(answer);
        } else {
          reject(new Refused(request.status, answer.detail ?? `The service answered ${request.status}`));
        }
      });
      request.send(file);
    });
  },
};
