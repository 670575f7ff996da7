export interface Membership {
  readonly tenantId: string;
  readonly tenantName: string;
}

export interface TenantInText {
  readonly tenantId: string;
  /** The text without the tenant's name. */
  readonly text: string;
}

export function tenantCalled<M extends Membership>(memberships: readonly M[], name: string): M | undefined {
  return memberships.find((one) => plain(one.tenantName) === plain(name));
}

/** "Contoso queue", "Contoso: queue", "\"Contoso Ltd\" queue". */
export function leadingTenant(text: string, memberships: readonly Membership[]): TenantInText | null {
  return find(memberships, (name) => {
    const match = new RegExp(`^/?\\s*"?${name}"?[:,]?\\s+(?=\\S)`, 'iu').exec(text);
    return match ? text.slice(match[0].length) : null;
  });
}

/** "queue Contoso", "queue in Contoso". */
export function trailingTenant(text: string, memberships: readonly Membership[]): TenantInText | null {
  return find(memberships, (name) => {
    const match = new RegExp(`\\s+(?:in\\s+)?"?${name}"?[.]?$`, 'iu').exec(text);
    return match ? text.slice(0, match.index) : null;
  });
}

/** The longest name wins, so that Contoso does not stand in the way of Contoso Bank. */
function find(memberships: readonly Membership[], cut: (name: string) => string | null): TenantInText | null {
  const longestFirst = [...memberships].sort((a, b) => b.tenantName.length - a.tenantName.length);
  for (const { tenantId, tenantName } of longestFirst) {
    const text = tenantName.trim() === '' ? null : cut(escape(tenantName.trim()));
    if (text !== null) return { tenantId, text };
  }
  return null;
}

/** With the flag u an escape that is not needed, such as of a hyphen, is an error. */
function escape(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s+/g, '\\s+');
}

function plain(name: string): string {
  return name.normalize('NFC').toLocaleLowerCase('en').replace(/\s+/g, ' ').trim();
}
