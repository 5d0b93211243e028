// One conversation with a broker through librdkafka's binding for Node.js. Prints what the broker answered as one line of JSON.
import rdkafka from 'node-rdkafka'

const [bootstrap, name] = process.argv.slice(2)
const client = { 'metadata.broker.list': bootstrap, 'reconnect.backoff.ms': 20 }
const answers = { librdkafka: rdkafka.librdkafkaVersion.length > 0 }

const admin = rdkafka.AdminClient.create(client)
answers.created = await refusal(done => admin.createTopic({ topic: name, num_partitions: 4, replication_factor: 1, config: { 'retention.ms': '86400000' } }, 30_000, done))
answers.createdAgain = await refusal(done => admin.createTopic({ topic: name, num_partitions: 4, replication_factor: 1 }, 30_000, done))

const reports = []
const producer = new rdkafka.Producer({ ...client, dr_cb: true, 'enable.idempotence': true, 'compression.codec': 'zstd', 'linger.ms': 5 })
producer.on('delivery-report', (error, report) => reports.push(error ? error.message : `${report.partition}@${report.offset}`))
await connected(producer)
producer.setPollInterval(20)
produce(0, 40)
await until(() => reports.length === 40, () => `${reports.length} reports`)
answers.delivered = new Set(reports).size
answers.lastDelivered = [...reports].sort().filter(report => report.endsWith('@9'))

const [first, second] = [await member(), await member()]
await until(() => `${shares()}` === '2,2', () => `shares ${shares()}`)
await until(() => seen() === 40, () => `${seen()} of 40 records`)
await left(second)
await until(() => first.consumer.assignments().length === 4, () => `shares ${shares()}`)
produce(40, 60)
await until(() => seen() === 60, () => `${seen()} of 60 records`)
const all = [...first.records, ...second.records]
answers.values = all.every(({ key, value, headers }) => value.toString() === text(key.toString()) && headers[0].lang.toString() === 'ko')
first.consumer.commitSync(first.consumer.position().map(({ topic, partition, offset }) => ({ topic, partition, offset })))
answers.committed = (await call(done => first.consumer.committed(undefined, 10_000, done))).map(({ partition, offset }) => `${partition}@${offset}`).sort()
answers.watermarks = await call(done => first.consumer.queryWatermarkOffsets(name, 1, 10_000, done))
answers.ofTime = (await call(done => first.consumer.offsetsForTimes([{ topic: name, partition: 2, offset: 0 }], 10_000, done))).map(({ partition, offset }) => `${partition}@${offset}`)
await left(first)

answers.grown = await refusal(done => admin.createPartitions(name, 5, 30_000, done))
answers.fewerPartitions = await refusal(done => admin.createPartitions(name, 2, 30_000, done))
const metadata = await call(done => producer.getMetadata({ topic: name, timeout: 10_000 }, done))
answers.partitions = metadata.topics.find(topic => topic.name === name).partitions.length
answers.deleted = await refusal(done => admin.deleteTopic(name, 30_000, done))
answers.deletedAgain = await refusal(done => admin.deleteTopic(name, 30_000, done))

await left({ consumer: producer })
admin.disconnect()
console.log(JSON.stringify(answers))

async function member() {
  const consumer = new rdkafka.KafkaConsumer(
    { ...client, 'group.id': name, 'session.timeout.ms': 30_000, 'heartbeat.interval.ms': 300, 'enable.auto.commit': false },
    { 'auto.offset.reset': 'earliest' })
  const records = []
  consumer.on('data', record => {
    records.push(record)
    consumer.commitMessage(record)
  })
  await connected(consumer)
  consumer.subscribe([name])
  consumer.consume()
  return { consumer, records }
}

function connected(handle) {
  return new Promise((resolve, reject) => handle.on('ready', resolve).connect({}, error => error && reject(error)))
}

function left({ consumer }) {
  return new Promise(resolve => consumer.on('disconnected', resolve).disconnect())
}

function produce(from, to) {
  for (let i = from; i < to; i++) producer.produce(name, i % 4, Buffer.from(text(`${i}`)), `${i}`, Date.now(), null, [{ lang: 'ko' }])
}

function text(number) {
  return `가람 ${number} `.repeat(10)
}

function shares() {
  return [first, second].map(({ consumer }) => consumer.assignments().length)
}

function seen() {
  return new Set([...first.records, ...second.records].map(({ key }) => key.toString())).size
}

function call(start) {
  return new Promise((resolve, reject) => start((error, result) => error ? reject(error) : resolve(result)))
}

// What the broker says no with: the protocol's number of the error.
function refusal(start) {
  return new Promise(resolve => start(error => resolve(error ? error.code : 'done')))
}

async function until(isTrue, state) {
  for (const end = Date.now() + 40_000; !isTrue();) {
    if (Date.now() > end) throw new Error(state())
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
