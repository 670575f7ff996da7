import { cloudScenarios } from './cloud-scenarios.js';
import { endpointScenarios } from './endpoint-scenarios.js';
import type { Scene } from './evidence.js';
import { fleetOf } from './fleet.js';
import type { FleetDevice } from './fleet.js';
import { createRandom } from './random.js';
import { services } from './scenario.js';
import type { Scenario } from './scenario.js';
import type { GraphAlert, SandboxTenant } from './tenants.js';

/** Endpoint and cloud in turn, so that a short queue already shows both. */
export const scenarios: readonly Scenario[] = endpointScenarios
  .flatMap((scenario, index) => [scenario, cloudScenarios[index]])
  .concat(cloudScenarios.slice(endpointScenarios.length))
  .filter((scenario) => scenario !== undefined);

export interface AlertGenerator {
  /** The next alert, as if it happened at `at`; the scenarios come in turn. */
  next(at: Date, changes?: GraphAlert): GraphAlert;
  /** A working day's queue before `now`: oldest first, a few of them already in progress or resolved. */
  seeds(now: Date): readonly GraphAlert[];
}

const seedCount = 14;
const seedSpanMs = 19 * 60 * 60 * 1000;

/** Alerts of a fictional company. The same tenant and seed give the same alerts in the same order. */
export function createAlertGenerator(tenant: SandboxTenant, seed = 1): AlertGenerator {
  const random = createRandom(`${tenant.entraTenantId} ${seed}`);
  const fleet = fleetOf(tenant);
  let number = random.below(scenarios.length);

  function sceneOf(scenario: Scenario, at: Date): Scene {
    const fits = fleet.devices.filter((device) => scenario.on === undefined || device.hostName.includes(scenario.on));
    const device = pickOr(fits, fleet.devices[0]);
    const person = random.pick(fleet.people);
    const otherDevice = pickOr(
      fleet.devices.filter((one) => one !== device),
      device,
    );
    const otherPerson = pickOr(
      fleet.people.filter((one) => one !== person),
      person,
    );
    const { name: company, domain } = tenant;
    return { device, otherDevice, person, otherPerson, company, domain, at: graphTime(at), number };
  }

  const pickOr = <T>(from: readonly T[], otherwise: T): T => from[random.below(from.length)] ?? otherwise;
  const graphTime = (at: Date) => at.toISOString().replace('Z', `${random.digits(4)}Z`);

  function next(at: Date, changes: GraphAlert = {}): GraphAlert {
    const scenario = scenarios[number++ % scenarios.length];
    if (!scenario) throw new Error('there are no scenarios');
    const scene = sceneOf(scenario, at);
    const id = `${services[scenario.service].prefix}${random.digits(18)}_-${random.digits(9)}`;
    return { ...alertOf(tenant, scenario, scene, id, String(40_000 + random.below(9000))), ...changes };
  }

  function seeds(now: Date): readonly GraphAlert[] {
    return Array.from({ length: seedCount }, (_, index) => {
      const step = seedSpanMs / seedCount;
      const at = new Date(now.getTime() - (seedCount - index) * step + random.below(step / 2));
      const alert = next(at);
      const edited = graphTime(new Date(at.getTime() + random.below(step / 4)));
      if (index % 6 === 1) return { ...alert, ...resolvedAt(edited) };
      if (index % 7 === 4) return { ...alert, status: 'inProgress', lastUpdateDateTime: edited };
      return alert;
    });
  }

  return { next, seeds };
}

function resolvedAt(time: string): GraphAlert {
  const verdict = { classification: 'informationalExpectedActivity', determination: 'confirmedActivity' };
  return { status: 'resolved', ...verdict, lastUpdateDateTime: time, resolvedDateTime: time };
}

function alertOf(tenant: SandboxTenant, scenario: Scenario, scene: Scene, id: string, incidentId: string): GraphAlert {
  const { prefix, serviceSource, productName } = services[scenario.service];
  return {
    '@odata.type': '#microsoft.graph.security.alert',
    id,
    providerAlertId: id.slice(prefix.length),
    incidentId,
    status: 'new',
    severity: scenario.severity,
    classification: 'unknown',
    determination: 'unknown',
    serviceSource,
    detectionSource: scenario.detection,
    productName,
    detectorId: id.slice(-9),
    tenantId: tenant.entraTenantId,
    title: typeof scenario.title === 'string' ? scenario.title : scenario.title(scene),
    description: scenario.description,
    recommendedActions: scenario.actions,
    category: scenario.category,
    categories: [scenario.category],
    assignedTo: null,
    alertWebUrl: `https://security.microsoft.com/alerts/${id}?tid=${tenant.entraTenantId}`,
    incidentWebUrl: `https://security.microsoft.com/incidents/${incidentId}?tid=${tenant.entraTenantId}`,
    actorDisplayName: null,
    threatDisplayName: scenario.threat?.name ?? null,
    threatFamilyName: scenario.threat?.family ?? null,
    mitreTechniques: scenario.techniques,
    createdDateTime: scene.at,
    lastUpdateDateTime: scene.at,
    resolvedDateTime: null,
    firstActivityDateTime: scene.at,
    lastActivityDateTime: scene.at,
    investigationState: 'unknown',
    comments: [],
    systemTags: [],
    evidence: scenario.evidence(scene),
  };
}

/** The machines of a tenant, for a burst that happens on one of them. */
export function devicesOf(tenant: SandboxTenant): readonly FleetDevice[] {
  return fleetOf(tenant).devices;
}
