import type { Classification } from './alert.js';

/** The vocabulary: what sources call their categories, what threat names begin with, which words decide. */
interface Vocabulary {
  /** MITRE tactics and Defender categories, letters only, in lower case. */
  readonly categories: readonly string[];
  /** What stands before the colon of a threat name, as in Trojan:Win32/X. */
  readonly prefixes: readonly string[];
  /** Whole words or word sequences. */
  readonly words: readonly string[];
}

const vocabulary: Readonly<Record<Exclude<Classification, 'other'>, Vocabulary>> = {
  ransomware: { categories: ['ransomware'], prefixes: ['ransom'], words: ['ransomware', 'ransom', 'extortion'] },
  phishing: {
    categories: ['phishing', 'phish', 'delivery'],
    prefixes: ['phish'],
    words: ['phishing', 'phish', 'spearphishing', 'business email compromise'],
  },
  credential_access: {
    categories: ['credentialaccess', 'credentialtheft', 'credentialstealing'],
    prefixes: ['pws', 'passwordstealer'],
    words: ['credential', 'credentials', 'mimikatz', 'lsass', 'password spray', 'brute force', 'kerberoasting'],
  },
  lateral_movement: {
    categories: ['lateralmovement'],
    prefixes: [],
    words: ['lateral movement', 'pass the hash', 'pass the ticket', 'psexec'],
  },
  data_exfiltration: {
    categories: ['exfiltration', 'dataexfiltration', 'datalossprevention', 'dataloss'],
    prefixes: [],
    words: ['exfiltration', 'data theft', 'data leak'],
  },
  botnet_activity: {
    categories: ['commandandcontrol', 'botnet'],
    prefixes: ['bot'],
    words: ['botnet', 'command and control', 'c2', 'beacon', 'beaconing'],
  },
  intrusion_attempt: {
    categories: [
      'initialaccess',
      'exploit',
      'exploitation',
      'webexploit',
      'intrusion',
      'reconnaissance',
      'weaponization',
    ],
    prefixes: ['exploit'],
    words: ['exploit', 'exploitation', 'intrusion', 'port scan', 'sql injection', 'web shell', 'webshell'],
  },
  malware: {
    categories: ['malware', 'trojan', 'backdoor', 'virus', 'worm', 'unwantedsoftware', 'installation'],
    prefixes: [
      'trojan',
      'trojandownloader',
      'trojandropper',
      'trojanspy',
      'backdoor',
      'virus',
      'worm',
      'virtool',
      'hacktool',
      'adware',
      'browsermodifier',
      'softwarebundler',
      'pua',
      'spyware',
      'rootkit',
      'program',
    ],
    words: ['malware', 'trojan', 'virus', 'worm', 'backdoor', 'rootkit', 'spyware', 'hacktool', 'malicious file'],
  },
  network_anomaly: {
    categories: ['networkanomaly', 'anomaly', 'dos', 'denialofservice'],
    prefixes: ['dos', 'ddos'],
    words: ['network anomaly', 'unusual traffic', 'ddos', 'denial of service'],
  },
  policy_violation: {
    categories: ['policyviolation', 'policy', 'compliance'],
    prefixes: [],
    words: ['policy violation', 'not compliant', 'non compliant', 'blocked by policy'],
  },
  connectivity: {
    categories: ['connectivity'],
    prefixes: [],
    words: ['connectivity', 'link down', 'vpn down', 'unreachable'],
  },
  system_health: {
    categories: ['systemhealth', 'health'],
    prefixes: [],
    words: ['system health', 'disk full', 'license expired', 'sensor health'],
  },
  suspicious_activity: {
    categories: [
      'suspiciousactivity',
      'execution',
      'defenseevasion',
      'discovery',
      'persistence',
      'privilegeescalation',
      'collection',
      'impact',
      'resourcedevelopment',
    ],
    prefixes: ['behavior', 'behaviour', 'suspicious'],
    words: ['suspicious', 'anomalous', 'unusual'],
  },
};

const entries = Object.entries(vocabulary) as [Exclude<Classification, 'other'>, Vocabulary][];
const table = (pick: (row: Vocabulary) => readonly string[]) =>
  new Map(entries.flatMap(([name, row]) => pick(row).map((word) => [word, name] as const)));
const categories = table((row) => row.categories);
const prefixes = table((row) => row.prefixes);

/** The source's own category decides; else the prefix of the threat name; else whole words of it, then of the title. */
export function classify(category: string | null, threatName: string | null, title: string): Classification {
  return (
    categories.get(lettersOf(category ?? '')) ??
    prefixes.get(/^\s*([a-z]+):/i.exec(threatName ?? '')?.[1]?.toLowerCase() ?? '') ??
    byWords(threatName ?? '') ??
    byWords(title) ??
    'other'
  );
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '');
}

/** Padded with blanks, so that only whole words are found. */
function byWords(text: string): Classification | undefined {
  const padded = ` ${(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')} `;
  return entries.find(([, row]) => row.words.some((word) => padded.includes(` ${word} `)))?.[0];
}
