// Who looks, and at whose things. A token is kept for this tab only, and for as long as it is open.

const TOKEN = 'rag.token';
const TENANT = 'rag.tenant';

export const session = {
  /** What GET /status said: version, uploads, tenantIsFixed. */
  status: null,
  tenant: '',

  get token() {
    return sessionStorage.getItem(TOKEN) ?? '';
  },

  set token(value) {
    if (value) {
      sessionStorage.setItem(TOKEN, value);
    } else {
      sessionStorage.removeItem(TOKEN);
    }
  },

  /** Takes over what the service says of the caller; a tenant that was chosen before stays. */
  open(status) {
    this.status = status;
    const chosen = sessionStorage.getItem(TENANT);
    this.tenant = (!status.tenantIsFixed && chosen) || status.tenant || '';
  },

  choose(tenant) {
    sessionStorage.setItem(TENANT, tenant);
    this.tenant = tenant;
  },
};
