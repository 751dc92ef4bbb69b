import { createPublisher } from '@clearance/messaging';
import { dropFive } from '../contents.ts';
import { RECEIVERS } from '../exchange.ts';
import { settingsOf, tell } from '../program.ts';
import { connectPipe, layStream, type PipeSettings, readBatches } from './streams.ts';

// Takes five fields out of each result and publishes the rest to every receiver.

const connection = await connectPipe(settingsOf<PipeSettings>());
const consumer = await layStream(connection, 'PIPE_IN', 'pipe.in');
const publisher = createPublisher(connection);
const utf8 = new TextDecoder();

tell({ ready: true });

await readBatches(consumer, async (batch) => {
  const bodies = batch.map(({ data }) => {
    const results = JSON.parse(utf8.decode(data)) as object[];
    return JSON.stringify(results.map(dropFive));
  });
  const messages = bodies.flatMap((body) =>
    Array.from({ length: RECEIVERS }, (_, receiver) => ({ subject: `pipe.out.${receiver}`, body })),
  );
  await publisher.publishAll(messages);
});
