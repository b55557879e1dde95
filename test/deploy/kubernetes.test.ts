import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import { ConfigError, loadConfig } from '../../server/src/config/index.ts'
import { workplace } from '../commands/support/propusk.ts'
import { type Anything, assertSettings, deployPath, port, readYaml, serverVersion } from './support/deploy.ts'

const folder = 'kubernetes'
/** What `kubectl apply -f` on the folder takes, by kind. */
const applied = new Map<string, Anything>(
  readdirSync(deployPath(folder))
    .filter(name => /\.(?:ya?ml|json)$/.test(name))
    .map(name => readYaml(`${folder}/${name}`))
    .map(manifest => [manifest.kind, manifest]),
)
const secret = readYaml(`${folder}/secret.example`)

const deployment = applied.get('Deployment')
const pod = deployment.spec.template.spec
const [container, ...others] = pod.containers
const environment: Record<string, string> = Object.fromEntries(
  container.env.map(({ name, value }: Anything) => [name, value]),
)
const settings: Record<string, string> = applied.get('ConfigMap').data

/** The addresses that the kubelet asks. */
const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe]

describe('the manifests for Kubernetes', () => {
  it('are of the kinds and versions that a cluster knows, all of one name and label', () => {
    assert.deepEqual(
      [...applied.values()].map(({ apiVersion, kind }) => `${apiVersion} ${kind}`).toSorted(),
      [
        'apps/v1 Deployment',
        'networking.k8s.io/v1 NetworkPolicy',
        'policy/v1 PodDisruptionBudget',
        'v1 ConfigMap',
        'v1 Service',
      ],
    )
    const label = { 'app.kubernetes.io/name': 'propusk' }
    for (const { metadata } of [...applied.values(), secret]) {
      assert.deepEqual(metadata, { name: 'propusk', labels: label })
    }
    const selectors = [
      deployment.spec.selector.matchLabels,
      deployment.spec.template.metadata.labels,
      pod.topologySpreadConstraints[0].labelSelector.matchLabels,
      applied.get('Service').spec.selector,
      applied.get('PodDisruptionBudget').spec.selector.matchLabels,
      applied.get('NetworkPolicy').spec.podSelector.matchLabels,
    ]
    for (const selector of selectors) assert.deepEqual(selector, label)
  })

  it('run two replicas of the image of this version, never fewer while one is replaced or a node is emptied', () => {
    assert.deepEqual([container.image, others], [`propusk:${serverVersion}`, []])
    assert.equal(deployment.spec.replicas, 2)
    assert.equal(deployment.spec.strategy.rollingUpdate.maxUnavailable, 0)
    assert.equal(applied.get('PodDisruptionBudget').spec.minAvailable, 1)
  })

  it('give the container no privilege and nothing to write', () => {
    assert.deepEqual(pod.securityContext, {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    assert.equal(pod.automountServiceAccountToken, false)
    assert.deepEqual([container.volumeMounts, pod.volumes], [undefined, undefined])
    assert.ok(container.resources.requests.cpu && container.resources.requests.memory)
    assert.ok(container.resources.limits.memory)
  })

  it('lead the Service, the probes and the policy to the port where the server listens', () => {
    assert.deepEqual(container.ports, [{ name: 'http', containerPort: port }])
    assert.equal(applied.get('Service').spec.ports[0].targetPort, 'http')
    for (const { httpGet } of probes) assert.equal(httpGet.port, 'http')
    assert.equal(applied.get('NetworkPolicy').spec.ingress[0].ports[0].port, 'http')
  })

  it('let names be asked, and the database, and nothing else', () => {
    const { policyTypes, egress } = applied.get('NetworkPolicy').spec
    assert.deepEqual(policyTypes, ['Ingress', 'Egress'])
    const ports = egress.flatMap((rule: Anything) => rule.ports.map((each: Anything) => each.port))
    assert.deepEqual(ports, [53, 53, Number(new URL(secret.stringData.PROPUSK_DATABASE_URL).port)])
  })

  it('set what the server takes, and its secrets nowhere but in the Secret', () => {
    assertSettings(Object.keys(environment))
    assertSettings(Object.keys(settings))
    assertSettings(Object.keys(secret.stringData))
    assert.deepEqual(container.envFrom, [
      { configMapRef: { name: 'propusk' } },
      { secretRef: { name: 'propusk' } },
    ])
    const masterKey = Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString('base64')
    const config = loadConfig({
      ...settings,
      ...secret.stringData,
      ...environment,
      PROPUSK_MASTER_KEY: masterKey,
    })
    assert.deepEqual(config.warnings, [])
    assert.deepEqual([config.host, config.port], ['0.0.0.0', port])
    assert.deepEqual(Object.keys(secret.stringData).toSorted(), [
      'PROPUSK_DATABASE_URL',
      'PROPUSK_MASTER_KEY',
    ])
  })

  it('hold an example of a Secret that no server would start with', () => {
    assert.throws(() => loadConfig(secret.stringData), ConfigError)
  })

  it('keep the variables of Services away, one of which would be taken for our port', () => {
    assert.equal(pod.enableServiceLinks, false)
    const ofTheService = { PROPUSK_PORT: 'tcp://10.0.0.1:80' }
    assert.throws(() => loadConfig(ofTheService), ConfigError)
  })

  it('wait longer for the end of a pod than the server needs, the pause before it included', () => {
    const pauseSeconds = container.lifecycle.preStop.sleep.seconds
    assert.ok(pauseSeconds > 0)
    assert.ok(pod.terminationGracePeriodSeconds > pauseSeconds + 10)
  })

  it('ask for health where a server gives it', async () => {
    const [startup, live, ready] = probes.map(({ httpGet }) => httpGet.path)
    assert.deepEqual([startup, live, ready], ['/health/live', '/health/live', '/health/ready'])
    const server = await workplace().start('serve', {
      ...settings,
      PROPUSK_HOST: environment.PROPUSK_HOST!,
      PROPUSK_PORT: '0',
    })
    const { port } = new URL(server.url)
    for (const path of [startup, live, ready]) {
      assert.equal((await fetch(`http://127.0.0.1:${port}${path}`)).status, 200, path)
    }
    assert.equal((await server.stop()).code, 0)
  })
})
