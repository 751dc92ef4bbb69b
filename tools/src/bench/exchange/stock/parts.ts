import 'reflect-metadata';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { type ClientProxy, ClientProxyFactory, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { NestFactory } from '@nestjs/core';
import { Logger, Module, type Type } from '@nestjs/common';

/** What the programs of the stock build are told. */
export interface StockSettings {
  readonly natsUrl: string;
  readonly databaseUrl: string;
  /** Of a receiving program: the names of its receivers. */
  readonly receivers?: readonly string[];
}

/** A result as its issuer keeps it. */
@Entity('stock_result')
export class StockResult {
  @PrimaryColumn('text')
  reference!: string;

  @Column('jsonb')
  content!: object;
}

/** A result as a receiver keeps it. */
@Entity('stock_copy')
export class StockCopy {
  @PrimaryColumn('text')
  receiver!: string;

  @PrimaryColumn('text')
  reference!: string;

  @Column('jsonb')
  content!: object;
}

/** A copy as it travels. */
export interface CopyMessage {
  receiver: string;
  content: { reference: string };
}

export async function openDatabase({ databaseUrl }: StockSettings): Promise<DataSource> {
  return new DataSource({ type: 'postgres', url: databaseUrl, entities: [StockResult, StockCopy] }).initialize();
}

/** Creates the tables; once, before the programs start. */
export async function layTables(databaseUrl: string): Promise<void> {
  const source = new DataSource({ type: 'postgres', url: databaseUrl, entities: [StockResult, StockCopy] });
  await source.initialize();
  await source.synchronize();
  await source.destroy();
}

export function clientOf({ natsUrl }: Pick<StockSettings, 'natsUrl'>): ClientProxy {
  // It tells of its connection on standard output, which is the report's.
  Logger.overrideLogger(false);
  return ClientProxyFactory.create({ transport: Transport.NATS, options: { servers: [natsUrl] } });
}

/** Serves a controller over Nest's own NATS transport until it is told to end. */
export async function serve(
  settings: StockSettings,
  controller: Type,
  providers: { provide: string; useValue: unknown }[],
): Promise<void> {
  @Module({ controllers: [controller], providers })
  class StockModule {}
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(StockModule, {
    transport: Transport.NATS,
    options: { servers: [settings.natsUrl] },
    logger: false,
  });
  await app.listen();
}
