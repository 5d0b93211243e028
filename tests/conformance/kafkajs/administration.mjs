// Two members that share a group, compressed records with headers, and everything that an administrator may do. Prints what the broker
// answered as one line of JSON.
import kafkajs from 'kafkajs'

const [bootstrap, name] = process.argv.slice(2)
const kafka = new kafkajs.Kafka({ clientId: 'administration', brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING })
const answers = {}

const admin = kafka.admin()
await admin.connect()
await admin.createTopics({ topics: [{ topic: name, numPartitions: 4 }], waitForLeaders: false })
while (!(await admin.listTopics()).includes(name));

const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
await producer.connect()
answers.sent = (await produce(0, 40)).map(({ partition, baseOffset }) => `${partition}@${baseOffset}`).sort()

const [first, second] = [await member(), await member()]
await until(() => `${shares()}` === '2,2', () => `shares ${shares()}`)
await until(() => seen() === 40, () => `${seen()} of 40 records`)
const living = (await admin.describeGroups([name])).groups[0]
answers.whileItLives = {
  state: living.state,
  protocol: living.protocol,
  partitions: living.members.map(({ memberAssignment }) => kafkajs.AssignerProtocol.MemberAssignment.decode(memberAssignment).assignment[name].length),
  deleted: await refusal(admin.deleteGroups([name])),
}

await second.consumer.disconnect()
await until(() => `${shares()}` === '4,0', () => `shares ${shares()}`)
await produce(40, 60)
await until(() => seen() === 60, () => `${seen()} of 60 records`)
await first.consumer.disconnect()
answers.values = [...first.records, ...second.records].every(({ value, headers }) => value.toString() === text(headers.number.toString()))
answers.committed = await committed()

answers.deletedTooMuch = await refusal(admin.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset: '999' }] }))
await admin.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset: '4' }, { partition: 1, offset: '-1' }] })
answers.offsets = (await admin.fetchTopicOffsets(name)).map(({ partition, low, high }) => `${partition}: ${low} to ${high}`).sort()
await admin.setOffsets({ groupId: name, topic: name, partitions: [{ partition: 2, offset: '7' }] })
answers.set = await committed()
await admin.resetOffsets({ groupId: name, topic: name, earliest: true })
answers.reset = await committed(true)

await admin.alterConfigs({ validateOnly: false, resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries: [{ name: 'retention.ms', value: '1000000' }] }] })
answers.badSetting = await refusal(admin.alterConfigs({ resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries: [{ name: 'retention.ms', value: 'soon' }] }] }))
const configs = await admin.describeConfigs({ resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames: ['retention.ms', 'cleanup.policy'] }] })
answers.settings = configs.resources[0].configEntries.map(({ configName, configValue, isDefault }) => ({ configName, configValue, isDefault })).sort((a, b) => a.configName.localeCompare(b.configName))

await admin.createPartitions({ topicPartitions: [{ topic: name, count: 5 }] })
answers.fewerPartitions = await refusal(admin.createPartitions({ topicPartitions: [{ topic: name, count: 2 }] }))
answers.deletedGroups = (await admin.deleteGroups([name])).map(({ errorCode }) => errorCode)
answers.deletedAgain = await refusal(admin.deleteGroups([name]))
await admin.deleteTopics({ topics: [name] })
while ((await admin.listTopics()).includes(name));   // other parts of a Kafka hear of it a moment later
answers.topicIsGone = true

await producer.disconnect()
await admin.disconnect()
console.log(JSON.stringify(answers))

async function member() {
  const consumer = kafka.consumer({ groupId: name, heartbeatInterval: 300, sessionTimeout: 30_000 })
  const it = { consumer, records: [], partitions: 0 }
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => { it.partitions = payload.memberAssignment[name]?.length ?? 0 })
  consumer.on(consumer.events.DISCONNECT, () => { it.partitions = 0 })
  await consumer.connect()
  await consumer.subscribe({ topic: name, fromBeginning: true })
  await consumer.run({ eachMessage: async ({ message }) => it.records.push(message) })
  return it
}

function produce(from, to) {
  const messages = Array.from({ length: to - from }, (_, i) => ({ partition: (from + i) % 4, value: text(from + i), headers: { number: `${from + i}` } }))
  return producer.send({ topic: name, compression: kafkajs.CompressionTypes.GZIP, acks: -1, messages })
}

function text(number) {
  return `가람 ${number} `.repeat(10)
}

function shares() {
  return [first.partitions, second.partitions]
}

function seen() {
  return new Set([...first.records, ...second.records].map(({ headers }) => headers.number.toString())).size
}

async function committed(resolveOffsets = false) {
  const [{ partitions }] = await admin.fetchOffsets({ groupId: name, topics: [name], resolveOffsets })
  return partitions.map(({ partition, offset }) => `${partition}@${offset}`).sort()
}

async function until(isTrue, state) {
  for (const end = Date.now() + 40_000; !isTrue();) {
    if (Date.now() > end) throw new Error(state())
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

// What the broker says no with: the protocol's name of the error.
async function refusal(promise) {
  try {
    await promise
    return 'done'
  } catch (error) {
    return error.type ?? error.cause?.type ?? error.groups?.map(({ error }) => error.type).join() ?? error.partitions?.map(({ error }) => error.type).join() ?? `${error}`
  }
}
