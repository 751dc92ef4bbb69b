import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { answer } from '../http/answers.ts';
import { Public } from '../http/roles.ts';
import { SIGN_IN } from '../tokens.ts';
import { SIGN_IN_EXAMPLE, type SignIn, SignInSchema } from './sign-in-terms.ts';

/** What the console has to know before anybody has signed in; nothing of it is secret. */
@ApiTags('sign-in')
@Controller('api/v1/sign-in')
export class SignInController {
  constructor(@Inject(SIGN_IN) private readonly signIn: SignIn) {}

  @Get()
  @Public()
  @ApiOperation({ summary: '如何登录控制台 By whom people sign in to the console, and as which client' })
  @ApiOkResponse(answer(SignInSchema, SIGN_IN_EXAMPLE))
  find(): SignIn {
    return this.signIn;
  }
}
