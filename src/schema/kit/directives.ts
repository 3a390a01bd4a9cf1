import { type GraphQLDirective, specifiedDirectives } from 'graphql';
import { incrementalDirectives } from '../../operation/incremental-directives.ts';

/** The directives of the schema, with those of GraphQL itself. */
export const directives: readonly GraphQLDirective[] = [...specifiedDirectives, ...incrementalDirectives];
