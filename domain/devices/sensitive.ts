export interface Sensitivity {
  readonly operatingSystem: string | null;
  readonly deviceValue: string | null;
  readonly tags: readonly string[];
}

/** Defender names the distribution where it knows it; workstations with Linux are rare enough to be asked about. */
const server = /^windows\s*server|linux|ubuntu|debian|centos|red\s*hat|fedora|suse|rocky|almalinux|unix/i;

/** A server, a domain controller or a high-value device: acting on it always needs approval. */
export function isSensitive({ operatingSystem, deviceValue, tags }: Sensitivity): boolean {
  return (
    server.test(operatingSystem?.trim() ?? '') ||
    deviceValue?.trim().toLowerCase() === 'high' ||
    tags.some((tag) => saysDomainController(tag))
  );
}

function saysDomainController(tag: string): boolean {
  const letters = tag.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return letters === 'dc' || letters.includes('domaincontroller');
}
