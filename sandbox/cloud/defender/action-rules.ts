import { z } from 'zod';
import type { Estate } from '../estate/estate.js';
import { defenderError } from '../reply.js';
import type { Reply } from '../reply.js';
import type { MicrosoftRecord } from '../tenants.js';

export type OrderType = 'Isolate' | 'Unisolate' | 'RunAntiVirusScan';

/** Names are case-sensitive, and nothing else may be sent. */
const bodies = {
  Isolate: z
    .strictObject({ Comment: z.string().min(1), IsolationType: z.enum(['Full', 'Selective', 'UnManagedDevice']) })
    .transform(({ Comment, IsolationType }) => ({ comment: Comment, scope: IsolationType })),
  Unisolate: z
    .strictObject({ Comment: z.string().min(1) })
    .transform(({ Comment }) => ({ comment: Comment, scope: null })),
  RunAntiVirusScan: z
    .strictObject({ Comment: z.string().min(1), ScanType: z.enum(['Quick', 'Full']) })
    .transform(({ Comment, ScanType }) => ({ comment: Comment, scope: ScanType })),
};

export interface OrderBody {
  readonly comment: string;
  readonly scope: string | null;
}

/** The body of an order, or undefined when Defender would refuse it. */
export function orderBody(type: OrderType, body: unknown): OrderBody | undefined {
  return bodies[type].safeParse(body).data;
}

const linux = ['Ubuntu', 'Debian', 'RedHatEnterpriseLinux', 'CentOS', 'OracleLinux', 'SLES', 'Fedora', 'AmazonLinux'];
const platforms = new Set([
  'Windows10',
  'Windows11',
  'WindowsServer2012R2',
  'WindowsServer2016',
  'WindowsServer2019',
  'WindowsServer2022',
  'WindowsServer2025',
  'macOS',
  'Linux',
  ...linux,
]);
/** Builds of Windows 10 1703 and 1709. */
const firstBuild = { Full: 15063, Selective: 16299 };

/** Why Defender does not begin this on that machine; undefined: it does. */
export function refuseOrder(
  estate: Estate,
  machine: MicrosoftRecord,
  type: OrderType,
  scope: string | null,
): Reply | undefined {
  const id = String(machine['id']);
  return refuseMachine(machine, scope) ?? refuseSystem(machine, type, scope) ?? refuseState(estate, id, type);
}

/** The reference does not tell these two bodies; their codes are documented, the pairing is a guess. */
function refuseMachine({ onboardingStatus }: MicrosoftRecord, scope: string | null): Reply | undefined {
  const isOnboarded = typeof onboardingStatus !== 'string' || onboardingStatus.toLowerCase() === 'onboarded';
  if (scope === 'UnManagedDevice')
    return isOnboarded
      ? defenderError(400, 'InvalidInput', 'The device is managed: isolate it as Full or Selective.')
      : undefined;
  return isOnboarded
    ? undefined
    : defenderError(400, 'InvalidInput', 'The device is not onboarded to Microsoft Defender for Endpoint.');
}

function refuseSystem(
  { osPlatform, osBuild }: MicrosoftRecord,
  type: OrderType,
  scope: string | null,
): Reply | undefined {
  const platform = String(osPlatform);
  const isSelective = scope === 'Selective';
  if (scope === 'UnManagedDevice') return undefined;
  if (!platforms.has(platform) || (isSelective && !/^Windows1[01]$/.test(platform)))
    return defenderError(400, 'OsPlatformNotSupported', `OS Platform ${platform} isn't supported for this action.`);
  const least = isSelective ? firstBuild.Selective : firstBuild.Full;
  if (type === 'RunAntiVirusScan' || platform !== 'Windows10' || typeof osBuild !== 'number' || osBuild >= least)
    return undefined;
  return defenderError(400, 'ClientVersionNotSupported', `${type} is supported on client version ${least} and above.`);
}

function refuseState(estate: Estate, id: string, type: OrderType): Reply | undefined {
  if (estate.actions.active(id).some((action) => action['type'] === type)) return alreadyInProgress();
  const isAgain = type === 'Isolate' && estate.actions.isolation(id) !== 'not_isolated';
  return isAgain ? defenderError(400, 'InvalidInput', 'The device is already isolated.') : undefined;
}

export const alreadyInProgress = () =>
  defenderError(400, 'ActiveRequestAlreadyExists', 'Action is already in progress');
