import type { DeviceFacts } from '../domain/alerts/alert-view.js';
import type { Device } from '../domain/devices/device.js';
import { asPlain, asRun } from './text.js';

/** Microsoft's word in lower case, without what it puts between words: ImpairedCommunication, not_isolated, InGracePeriod. */
function key(word: string): string {
  return word.toLowerCase().replace(/[^a-z]/g, '');
}

/** Words for the values that are known; any other is shown as it was sent. */
function worded(words: ReadonlyMap<string, string>, value: string | null, label: string): string {
  if (value === null) return '';
  const known = words.get(key(value));
  if (known !== undefined) return known;
  const sent = asPlain(value, 40);
  return sent === '' ? '' : `${label} ${sent}`;
}

const health = new Map([
  ['active', 'health active'],
  ['inactive', 'health inactive'],
  ['impairedcommunication', 'health: communication impaired'],
  ['nosensordata', 'health: no sensor data'],
  ['nosensordataimpairedcommunication', 'health: no sensor data, communication impaired'],
  ['unknown', 'health not known'],
]);
const isolation = new Map([
  ['isolated', 'isolated'],
  ['selectivelyisolated', 'selectively isolated'],
  ['notisolated', 'not isolated'],
]);
const compliance = new Map([
  ['compliant', 'compliant'],
  ['noncompliant', 'not compliant'],
  ['conflict', 'not compliant: policies in conflict'],
  ['error', 'not compliant: the check failed'],
  ['ingraceperiod', 'not compliant, in the grace period'],
  ['configmanager', 'compliance with Configuration Manager'],
  ['unknown', 'compliance not known'],
]);
const onboarding = new Map([
  ['onboarded', 'onboarded'],
  ['canbeonboarded', 'not onboarded'],
  ['unsupported', 'not supported by Defender'],
  ['insufficientinfo', 'onboarding not known'],
]);

/** Microsoft writes Windows11 and WindowsServer2022. */
export function systemWords(value: string | null, max: number): string {
  return asRun(value, max).replace(/^Windows(Server)?(?=\d)/, (_, server) => (server ? 'Windows Server ' : 'Windows '));
}

export const healthWords = (value: string | null) => worded(health, value, 'health');
export const isolationWords = (value: string | null) => worded(isolation, value, 'isolation');
export const complianceWords = (value: string | null) => worded(compliance, value, 'compliance');
export const onboardingWords = (value: string | null) => worded(onboarding, value, 'onboarding');

const risks = [
  { from: 95, word: 'critical', icon: '◆' },
  { from: 75, word: 'high', icon: '▲' },
  { from: 45, word: 'medium', icon: '●' },
  { from: 20, word: 'low', icon: '○' },
  { from: 5, word: 'informational', icon: '○' },
  { from: 0, word: 'none', icon: '○' },
] as const;

/** The word for a risk of 0 to 100, and its shape; null when it is not known. */
export function riskLook(score: number | null): { readonly word: string; readonly icon: string } | null {
  return score === null ? null : (risks.find(({ from }) => score >= from) ?? risks[5]);
}

export function riskWords(score: number | null): string {
  const look = riskLook(score);
  return look ? `risk ${look.word} (${score} of 100)` : '';
}

type Stated = Pick<Device, 'riskScore' | 'health' | 'isolation' | 'compliance'>;

/** Risk, health, isolation and compliance in words, as far as they are known. */
export function stateOfDevice(device: Stated): string[] {
  return [
    riskWords(device.riskScore),
    healthWords(device.health),
    isolationWords(device.isolation),
    complianceWords(device.compliance),
  ].filter((words) => words !== '');
}

/** Also when only some of its traffic is cut off. */
export function isIsolated({ isolation: value }: Pick<DeviceFacts, 'isolation'>): boolean {
  return value !== null && ['isolated', 'selectivelyisolated'].includes(key(value));
}
