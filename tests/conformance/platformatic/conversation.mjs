// One conversation with a broker, from the first topic to the last goodbye, in the newest versions of the protocol. Prints what the
// broker answered as one line of JSON.
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'

const [bootstrap, name] = process.argv.slice(2)
const client = { clientId: 'conversation', bootstrapBrokers: [bootstrap], retries: 10, retryDelay: 100 }
const answers = {}

const admin = new Admin(client)
answers.created = (await admin.createTopics({ topics: [name], partitions: 4, replicas: 1, configs: [{ name: 'retention.ms', value: '86400000' }] }))
  .map(({ name: topic, partitions }) => ({ named: topic === name, partitions }))
answers.createdAgain = await refusal(admin.createTopics({ topics: [name], partitions: 4, replicas: 1 }))
await topicIsThere()

const producer = new Producer({ ...client, idempotent: true, serializers: stringSerializers })
answers.sent = []
for (const [partition, compression] of ['none', 'gzip', 'snappy', 'lz4', 'zstd'].entries()) {
  const messages = [1, 2, 3].map(n => ({ topic: name, partition: partition % 4, key: `${compression}-${n}`, value: `강 ${compression} `.repeat(20), headers: { codec: compression } }))
  const { offsets } = await producer.send({ messages, compression, acks: -1 })
  answers.sent.push(offsets.map(({ partition, offset }) => `${partition}@${offset}`).join())
}

const [first, second] = [await member(), await member()]
await shares(2, 2)
await producer.send({ messages: numbers(0, 40), acks: -1 })
await seen(55)
const all = [...first.records, ...second.records]
answers.codecs = [...new Set(all.filter(({ headers, value }) => value === `강 ${headers.get('codec')} `.repeat(20)).map(({ headers }) => headers.get('codec')))].sort()
answers.numbers = new Set(all.filter(({ headers, key, value }) => headers.size === 0 && key === value).map(({ key }) => key)).size
answers.whileItLives = {
  state: (await admin.describeGroups({ groups: [name] })).get(name).state,
  members: (await admin.describeGroups({ groups: [name] })).get(name).members.size,
  deleted: await refusal(admin.deleteGroups({ groups: [name] })),
}

await leave(second)
await shares(4, 0)
await producer.send({ messages: numbers(40, 60), acks: -1 })
await seen(75)
await leave(first)
answers.committed = (await admin.listConsumerGroupOffsets({ groups: [name] }))[0].topics[0].partitions
  .map(({ partitionIndex, committedOffset }) => `${partitionIndex}@${committedOffset}`).sort()

const latest = { topics: [{ name, partitions: [0, 1, 2, 3].map(partitionIndex => ({ partitionIndex, timestamp: -1n })) }] }
const offsets = async () => (await admin.listOffsets(latest))[0].partitions.map(({ partitionIndex, offset }) => `${partitionIndex}@${offset}`).sort()
answers.ends = await offsets()
answers.deletedRecords = (await admin.deleteRecords({ topics: [{ name, partitions: [{ partition: 1, offset: 3n }] }] }))[0].partitions.map(({ partition, lowWatermark }) => `${partition}@${lowWatermark}`)
await admin.alterConsumerGroupOffsets({ groupId: name, topics: [{ name, partitionOffsets: [{ partition: 2, offset: 1n }] }] })
const back = (await admin.listConsumerGroupOffsets({ groups: [{ groupId: name, topics: [{ name, partitionIndexes: [2, 3] }] }] }))[0].topics[0].partitions
answers.movedBack = back.map(({ partitionIndex, committedOffset }) => `${partitionIndex}@${committedOffset}`).sort()

await admin.incrementalAlterConfigs({ resources: [{ resourceType: 2, resourceName: name, configs: [{ name: 'retention.ms', configOperation: 0, value: '1000000' }] }] })
answers.badSetting = await refusal(admin.incrementalAlterConfigs({ resources: [{ resourceType: 2, resourceName: name, configs: [{ name: 'retention.ms', configOperation: 0, value: 'soon' }] }] }))
const described = await admin.describeConfigs({ resources: [{ resourceType: 2, resourceName: name, configurationKeys: ['retention.ms', 'cleanup.policy'] }] })
answers.settings = described[0].configs.map(({ name, value, configSource }) => ({ name, value, configSource })).sort((a, b) => a.name.localeCompare(b.name))

await admin.createPartitions({ topics: [{ name, count: 5, assignments: null }] })
answers.fewerPartitions = await refusal(admin.createPartitions({ topics: [{ name, count: 2, assignments: null }] }))
answers.listed = (await admin.listGroups()).get(name)?.state
await admin.deleteGroups({ groups: [name] })
answers.deletedAgain = await refusal(admin.deleteGroups({ groups: [name] }))
await admin.deleteTopics({ topics: [name] })
while ((await admin.listTopics()).includes(name));   // other parts of a Kafka hear of it a moment later
answers.topicIsGone = true

await producer.close()
await admin.close()
console.log(JSON.stringify(answers))

async function member() {
  const consumer = new Consumer({ ...client, groupId: name, deserializers: stringDeserializers, heartbeatInterval: 300, sessionTimeout: 30000, rebalanceTimeout: 30000 })
  const stream = await consumer.consume({ topics: [name], mode: 'committed', fallbackMode: 'earliest', autocommit: true, maxWaitTime: 100 })
  const records = []
  stream.on('data', record => records.push(record))
  return { consumer, stream, records }
}

async function leave({ consumer, stream }) {
  await stream.close()
  await consumer.close(true)
}

async function shares(...expected) {
  const counts = () => [first, second].map(({ consumer }) => consumer.isActive() ? consumer.assignments?.flatMap(({ partitions }) => partitions).length ?? 0 : 0)
  await until(() => `${counts()}` === `${expected}`, () => `shares ${counts()} instead of ${expected}`)
}

function keys() {
  return new Set([...first.records, ...second.records].map(({ key }) => key)).size
}

async function seen(count) {
  await until(() => keys() >= count, () => `${keys()} of ${count} records`)
}

async function until(isTrue, state) {
  for (const end = Date.now() + 40_000; !isTrue();) {
    if (Date.now() > end) throw new Error(state())
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

async function topicIsThere() {
  while (!(await admin.listTopics()).includes(name));
}

function numbers(from, to) {
  return Array.from({ length: to - from }, (_, i) => ({ topic: name, partition: (from + i) % 4, key: `${from + i}`, value: `${from + i}` }))
}

// What the broker says no with: the protocol's name of the error.
async function refusal(promise) {
  try {
    await promise
    return 'done'
  } catch (error) {
    return /"apiId":"([A-Z_]+)"/.exec(JSON.stringify(error, (key, value) => value instanceof Error ? { ...value, errors: value.errors, cause: value.cause } : typeof value === 'bigint' ? `${value}` : value))?.[1] ?? `${error}`
  }
}
