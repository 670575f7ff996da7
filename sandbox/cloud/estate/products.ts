/** Exploitability in the words of the export. */
export type Exploitability = 'NoExploit' | 'ExploitIsPublic' | 'ExploitIsVerified' | 'ExploitIsInKit';

export interface Weakness {
  readonly cveId: string;
  /** Null: nobody has rated it. */
  readonly cvss: number | null;
  readonly exploitability: Exploitability;
  readonly what: string;
}

export interface Product {
  readonly vendor: string;
  readonly name: string;
  readonly version: string;
  /** Which systems have it, and on how many of those: 0 to 1. */
  readonly on: RegExp;
  readonly share: number;
  readonly weaknesses: readonly Weakness[];
}

type Line = readonly [number: number, cvss: number | null, what: string, exploitability?: Exploitability];

/** The numbers are out of the range that is assigned, so that no real product is spoken ill of. */
function product(vendor: string, name: string, version: string, on: RegExp, share: number, ...lines: Line[]): Product {
  const weaknesses = lines.map(([number, cvss, what, exploitability = 'NoExploit']): Weakness => {
    return { cveId: `CVE-2025-9${number}`, cvss, exploitability, what };
  });
  return { vendor, name, version, on, share, weaknesses };
}

const windows = /^Windows(10|11)/;
const servers = /^WindowsServer/;
const linux = /^(Ubuntu|Debian|RedHatEnterpriseLinux)/;

export const products: readonly Product[] = [
  product(
    'microsoft',
    'edge_chromium-based',
    '131.0.2903.48',
    /^(Windows|macOS)/,
    0.9,
    [9101, 8.8, 'A crafted page can run code outside of the sandbox of the browser.', 'ExploitIsVerified'],
    [9102, 6.5, 'A crafted page can imitate the address bar.'],
    [9103, 4.3, 'A page can learn whether another page was visited.'],
    [9104, 8.3, 'A use after free in the renderer lets a page run code.', 'ExploitIsPublic'],
  ),
  product(
    'microsoft',
    'windows_11',
    '10.0.26100.2033',
    /^Windows11/,
    0.8,
    [9111, 7.8, 'A signed-in person can gain the rights of SYSTEM.', 'ExploitIsInKit'],
    [9112, 7.5, 'A crafted packet can stop the network stack.'],
    [9113, 5.5, 'A driver gives away kernel memory.'],
    [9114, 9.8, 'An attacker on the network can run code without signing in.', 'ExploitIsVerified'],
  ),
  product(
    'microsoft',
    'windows_10',
    '10.0.19045.5011',
    /^Windows10/,
    1,
    [9121, 7.8, 'A signed-in person can gain the rights of SYSTEM.', 'ExploitIsPublic'],
    [9122, 6.1, 'A removable drive can get around device encryption.'],
    [9123, 8.1, 'A crafted certificate is taken for a valid one.'],
  ),
  product(
    'microsoft',
    'windows_server_2022',
    '10.0.20348.2762',
    /^WindowsServer2022/,
    1,
    [9131, 9.8, 'An attacker on the network can run code in the name service.', 'ExploitIsPublic'],
    [9132, 8.8, 'A domain user can gain the rights of a domain administrator.', 'ExploitIsVerified'],
    [9133, 7.2, 'An administrator of one guest can reach the host.'],
  ),
  product(
    'microsoft',
    'windows_server_2019',
    '10.0.17763.6414',
    /^WindowsServer20(08|19)/,
    1,
    [9141, 8.1, 'An attacker in the middle can read protected traffic.'],
    [9142, 5.9, 'A crafted request can use up all memory.'],
  ),
  product(
    'microsoft',
    'sql_server_2019',
    '15.0.4405.4',
    servers,
    0.3,
    [9151, 8.8, 'A database user can run code on the server.'],
    [9152, 6.5, 'A database user can read files of the server.'],
  ),
  product(
    'microsoft',
    'office',
    '16.0.18129.20158',
    windows,
    0.95,
    [9161, 7.8, 'A crafted document runs code when it is opened.', 'ExploitIsInKit'],
    [9162, 7.3, 'The preview of a mail sends the password hash of its reader.', 'ExploitIsPublic'],
    [9163, 5.3, 'A document gets around the mark of the web.'],
  ),
  product(
    'mozilla',
    'firefox',
    '128.3.0',
    /^(Windows1|macOS|Ubuntu)/,
    0.4,
    [9171, 9.1, 'A crafted page can run code.', 'ExploitIsPublic'],
    [9172, 6.1, 'A page can draw over dialogs of the browser.'],
    [9173, 3.1, 'A page can tell which fonts are installed.'],
  ),
  product(
    '7-zip',
    '7-zip',
    '23.01',
    windows,
    0.6,
    [9181, 7.0, 'A crafted archive runs code when it is opened.', 'ExploitIsPublic'],
    [9182, 4.7, 'A crafted archive can fill the disk.'],
  ),
  product(
    'adobe',
    'acrobat_reader_dc',
    '24.002.21005',
    windows,
    0.5,
    [9191, 7.8, 'A crafted file runs code when it is opened.'],
    [9192, 5.5, 'A crafted file gives away memory.'],
    [9193, null, 'A crafted file may stop the reader.'],
  ),
  product(
    'openssl',
    'openssl',
    '3.0.13',
    /^(Ubuntu|Debian|RedHat|WindowsServer|macOS)/,
    0.8,
    [9201, 7.5, 'A crafted handshake uses up the processor.'],
    [9202, 5.9, 'Timing gives away parts of a private key.'],
    [9203, 3.7, 'A warning is not given.'],
  ),
  product(
    'openbsd',
    'openssh',
    '9.6p1',
    linux,
    1,
    [9211, 8.1, 'An attacker on the network can run code before signing in.', 'ExploitIsPublic'],
    [9212, 5.9, 'The first messages of a session can be left out.'],
  ),
  product(
    'linux',
    'linux_kernel',
    '6.8.0-45',
    linux,
    1,
    [9221, 7.8, 'A signed-in person can gain the rights of root.', 'ExploitIsVerified'],
    [9222, 5.5, 'A crafted file system stops the system.'],
    [9223, 4.7, 'A race gives away kernel memory.'],
  ),
  product(
    'apple',
    'macos',
    '15.1',
    /^macOS/,
    1,
    [9231, 8.6, 'An application can leave its sandbox.'],
    [9232, 5.5, 'An application can read the calendar without asking.'],
  ),
  {
    vendor: 'contoso',
    name: 'remote_helper',
    version: '4.2.0',
    on: /^Windows/,
    share: 0.2,
    weaknesses: [
      { cveId: 'TVM-2020-0002', cvss: null, exploitability: 'NoExploit', what: '' },
      {
        cveId: 'CVE-2025-99241',
        cvss: 10,
        exploitability: 'ExploitIsInKit',
        what: 'Anybody on the network is let in.',
      },
    ],
  },
];
