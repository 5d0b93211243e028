// One conversation with a broker, from the first topic to the last goodbye. Prints what the broker answered as one line of JSON.
import kafkajs from 'kafkajs'

const [bootstrap, name] = process.argv.slice(2)
const kafka = new kafkajs.Kafka({ clientId: 'conversation', brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING })
const answers = {}

const admin = kafka.admin()
await admin.connect()
answers.created = await admin.createTopics({
  topics: [{ topic: name, numPartitions: 2, configEntries: [{ name: 'retention.ms', value: '86400000' }] }],
  waitForLeaders: false,   // kafkajs gives up when the brokers hear of the topic a moment later
})
while (!(await admin.listTopics()).includes(name));
answers.createdAgain = await admin.createTopics({ topics: [{ topic: name, numPartitions: 2 }], waitForLeaders: false })

const producer = kafka.producer({ idempotent: true })
await producer.connect()
const sent = await producer.send({
  topic: name,
  messages: [
    { partition: 0, key: '가람', value: '강', headers: { lang: 'ko' } },
    { partition: 0, key: 'tombstone', value: null },
    { partition: 1, key: 'b', value: '1' },
  ],
})
answers.sent = sent.map(({ partition, errorCode, baseOffset }) => ({ partition, errorCode, baseOffset })).sort((a, b) => a.partition - b.partition)

answers.read = await consume(3)
answers.groupOffsets = (await admin.fetchOffsets({ groupId: name, topics: [name] }))[0].partitions.sort((a, b) => a.partition - b.partition)
await producer.send({ topic: name, messages: [{ partition: 1, key: 'c', value: '2' }] })
answers.readAfterwards = await consume(1)

answers.topicOffsets = (await admin.fetchTopicOffsets(name)).sort((a, b) => a.partition - b.partition)
answers.offsetsOfTime = (await admin.fetchTopicOffsetsByTimestamp(name, 0)).sort((a, b) => a.partition - b.partition)
answers.knowsItself = (await admin.describeCluster()).brokers.some(({ host, port }) => `${host}:${port}` === bootstrap)
const group = (await admin.describeGroups([name])).groups[0]
answers.group = { state: group.state, protocolType: group.protocolType, members: group.members.length }
answers.listed = (await admin.listGroups()).groups.some(({ groupId }) => groupId === name)
const configs = await admin.describeConfigs({ resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames: ['retention.ms'] }] })
answers.retention = configs.resources[0].configEntries.map(({ configName, configValue, isDefault }) => ({ configName, configValue, isDefault }))
await admin.createPartitions({ topicPartitions: [{ topic: name, count: 3 }] })
await admin.deleteGroups([name])
await admin.deleteTopics({ topics: [name] })
while ((await admin.listTopics()).includes(name));   // other parts of a Kafka hear of it a moment later
answers.topicIsGone = true

await producer.disconnect()
await admin.disconnect()
console.log(JSON.stringify(answers))

async function consume(count) {
  const consumer = kafka.consumer({ groupId: name })
  await consumer.connect()
  await consumer.subscribe({ topic: name, fromBeginning: true })
  const records = []
  await new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
    consumer.run({
      eachMessage: async ({ partition, message }) => {
        const headers = Object.fromEntries(Object.entries(message.headers).map(([key, value]) => [key, value.toString()]))
        records.push({ partition, offset: message.offset, key: message.key.toString(), value: message.value?.toString() ?? null, headers })
        if (records.length === count) resolve()
      },
    })
  })
  await consumer.disconnect()   // commits what was processed
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
}
