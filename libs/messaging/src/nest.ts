/** Messages for Nest's controllers, by a way of its own: whoever has none need not load Nest. */
export {
  Endpoint,
  MeshTransport,
  PassFaultsToTransport,
  StreamConsumer,
  type MessageContext,
  type Seat,
} from './mesh-transport.ts';
