import { Body, CanActivate, Controller, Get, Injectable, Module, Param, Post, UseGuards } from '@nestjs/common';
import { CommandBus, CommandHandler, CqrsModule } from '@nestjs/cqrs';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { DynamooseModule, InjectModel, Model } from 'nestjs-dynamoose';
import { AdminDeleteUserCommand, CognitoIdentityProviderClient, GetUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { SNSClient, PublishCommand } from '@aws-sdk/client-sns';
import { StockSchema } from './stock.schema';

export class CountCommand {
  constructor(readonly sku: string) {}
}

export class NeverCommand {}

@CommandHandler(CountCommand)
export class CountHandler {
  private readonly sns = new SNSClient({});

  constructor(private readonly config: ConfigService) {}

  async execute(command: CountCommand) {
    await this.sns.send(new PublishCommand({ TopicArn: this.config.get('COUNTS'), Message: command.sku })); //? sns.Publish TopicArn=env:COUNTS
  }
}

@CommandHandler(NeverCommand)
export class NeverHandler {
  private readonly sns = new SNSClient({});

  async execute(command: NeverCommand) {
    await this.sns.send(new PublishCommand({ TopicArn: 'never', Message: 'm' }));
  }
}

@Injectable()
export class KnownUser implements CanActivate {
  private readonly users = new CognitoIdentityProviderClient({});

  async canActivate() {
    await this.users.send(new GetUserCommand({ AccessToken: 't' })); //? cognito-idp.GetUser
    return true;
  }

  async drop() {
    await this.users.send(new AdminDeleteUserCommand({ UserPoolId: 'p', Username: 'u' }));
  }
}

@Injectable()
export class StockService {
  constructor(@InjectModel('Stock') private readonly stock: Model<object, object>) {}

  find(sku: string) {
    return this.stock.get({ sku }); //? dynamodb.GetItem TableName=stock
  }

  clear(sku: string) {
    return this.stock.delete({ sku });
  }
}

@Controller('stock')
@UseGuards(KnownUser)
export class StockController {
  constructor(private readonly service: StockService, private readonly commands: CommandBus) {}

  @Get(':sku')
  find(@Param('sku') sku: string) {
    return this.service.find(sku);
  }

  @Post()
  count(@Body() body: { sku: string }) {
    return this.commands.execute(new CountCommand(body.sku));
  }

  unused(sku: string) {
    return this.service.clear(sku);
  }
}

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    CqrsModule,
    DynamooseModule.forFeature([{ name: 'Stock', schema: StockSchema, options: { tableName: 'stock', create: false, waitForActive: false } }]),
  ],
  providers: [StockService, CountHandler, NeverHandler, KnownUser],
  controllers: [StockController],
})
export class StockModule {}
