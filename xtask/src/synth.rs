//! A synthetic document: as large as one likes, the same every time.
//!
//! Operations come in groups of five around one kind of record: read one (owner), list (owner), replace (owner, with a
//! named quota), delete (administrators), create (members; in every tenth group public, with a password and the `auth`
//! quota). A record has eight members: bounded text with a pattern, a nullable one, whole numbers with bounds and steps,
//! an enumeration by `$ref`, a unique list, dates, and an object that holds an object that holds an object. Members are
//! personal or secret, and some only clerks may read or write. Only constructs that `specs/*.yaml` use, and in the
//! spelling of the version that is asked for.

use std::fmt::Write as _;

/// Which OpenAPI the document is written in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Version {
    V30,
    V31,
}

/// A document with exactly `count` operations.
pub fn document(count: usize, version: Version) -> String {
    let groups = count.div_ceil(5);
    let number = match version {
        Version::V30 => "3.0.3",
        Version::V31 => "3.1.0",
    };
    let mut text = format!("openapi: {number}\n");
    text.push_str(HEAD);
    for group in 0..groups {
        let _ = writeln!(
            text,
            "    Record{group}: {{ param: record{group}Id, tenant: true, bypass: [clerk] }}"
        );
    }
    text.push_str(MIDDLE);
    for group in 0..groups {
        let _ = writeln!(
            text,
            "  - name: group{group}\n    description: Records of kind {group}."
        );
    }
    text.push_str("\npaths:\n");
    for group in 0..groups {
        paths(&mut text, group, (count - group * 5).min(5));
    }
    text.push_str(COMPONENTS);
    for group in 0..groups {
        schemas(&mut text, group, version);
    }
    text
}

/// The first `count` operations of a group.
fn paths(text: &mut String, group: usize, count: usize) {
    let public = group.is_multiple_of(10);
    let create = match public {
        true => CREATE_PUBLIC,
        false => CREATE,
    };
    let one = [(0, GET), (2, PUT), (3, DELETE)];
    let all = [(1, LIST), (4, create)];
    let mut put = |head: &str, operations: &[(usize, &str)]| {
        if operations.iter().any(|(number, _)| *number < count) {
            text.push_str(&head.replace('§', &group.to_string()));
        }
        for (_, body) in operations.iter().filter(|(number, _)| *number < count) {
            text.push_str(&body.replace('§', &group.to_string()));
        }
    };
    put(ONE, &one);
    put("  /records§:\n", &all);
}

fn schemas(text: &mut String, group: usize, version: Version) {
    let password = match group.is_multiple_of(10) {
        true => PASSWORD,
        false => "",
    };
    let body = SCHEMAS.replace("¶password\n", password);
    let body = match version {
        Version::V30 => body
            .replace("¶nullable", "type: string\n          nullable: true")
            .replace("¶above", "minimum: 1"),
        Version::V31 => body
            .replace("¶nullable", "type: [string, 'null']")
            .replace("¶above", "exclusiveMinimum: 0"),
    };
    text.push_str(&body.replace('§', &group.to_string()));
}

const HEAD: &str = "\
info:
  title: Synthetic API
  version: 1.0.0
  description: Made by `cargo xtask synth`.
servers:
  - url: https://synthetic.example.com/v1

x-security:
  version: 1
  auth:
    login:
      issuer: https://id.example.com
      audience: synthetic-api
      algorithms: [ES256]
      keys: env:SYNTHETIC_KEYS
      maxLifetime: 30m
      claims: { tenant: /tenant }
  roles:
    member: { description: Anyone with an account. }
    clerk: { includes: [member], description: Keeps the records of a tenant. }
    admin: { includes: [clerk], description: Runs a tenant. }
  resources:
";

const MIDDLE: &str = "  rateLimits:
    changes: { limit: 20, window: 1h, by: subject }
  cors:
    origins: env:SYNTHETIC_ORIGINS
    credentials: true
    maxAge: 10m
  limits:
    body: 16KiB
    array: 100

security:
  - login: []

tags:
";

const ONE: &str = "  /records§/{record§Id}:
    parameters:
      - name: record§Id
        in: path
        required: true
        description: The record.
        schema: { type: string, format: uuid }
";

const GET: &str = "    get:
      operationId: getRecord§
      tags: [group§]
      summary: Read a record.
      x-security:
        owns: Record§
      responses:
        '200':
          description: The record.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Record§' }
        '404':
          $ref: '#/components/responses/NotFound'
";

const PUT: &str = "    put:
      operationId: replaceRecord§
      tags: [group§]
      summary: Replace a record.
      x-security:
        owns: Record§
        rateLimit: [standard, changes]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Record§Update' }
      responses:
        '200':
          description: The record as it is now.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Record§' }
        '404':
          $ref: '#/components/responses/NotFound'
        '409':
          $ref: '#/components/responses/Conflict'
";

const DELETE: &str = "    delete:
      operationId: deleteRecord§
      tags: [group§]
      summary: Delete a record.
      x-security:
        access: admin
        owns: { Record§: any }
      responses:
        '204':
          description: It is gone.
        '404':
          $ref: '#/components/responses/NotFound'
";

const LIST: &str = "    get:
      operationId: listRecords§
      tags: [group§]
      summary: Records the caller may see.
      x-security:
        owns: { Record§: list }
      parameters:
        - name: limit
          in: query
          description: At most so many records.
          schema: { type: integer, format: int32, minimum: 1, maximum: 100, default: 25 }
        - name: status
          in: query
          schema: { $ref: '#/components/schemas/Record§Status' }
        - name: name
          in: query
          schema: { type: string, minLength: 2, maxLength: 80 }
      responses:
        '200':
          description: Records, by name.
          content:
            application/json:
              schema:
                type: array
                maxItems: 100
                items: { $ref: '#/components/schemas/Record§' }
";

const CREATE: &str = "    post:
      operationId: createRecord§
      tags: [group§]
      summary: Create a record.
      x-security:
        access: member
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NewRecord§' }
      responses:
        '201':
          description: The new record.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Record§' }
        '409':
          $ref: '#/components/responses/Conflict'
";

const CREATE_PUBLIC: &str = "    post:
      operationId: createRecord§
      tags: [group§]
      summary: Sign up.
      security: []
      x-security:
        access: public
        reason: Whoever signs up has no account yet.
        rateLimit: auth
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NewRecord§' }
      responses:
        '201':
          description: The new record.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Record§' }
        '409':
          $ref: '#/components/responses/Conflict'
";

const COMPONENTS: &str = "
components:
  securitySchemes:
    login:
      type: http
      scheme: bearer
      bearerFormat: JWT

  responses:
    NotFound:
      description: There is none, or it is not the caller's.
      content:
        application/problem+json:
          schema: { $ref: '#/components/schemas/Problem' }
    Conflict:
      description: It cannot be done as things stand.
      content:
        application/problem+json:
          schema: { $ref: '#/components/schemas/Problem' }

  schemas:
    Problem:
      type: object
      description: An error answer (RFC 9457).
      required: [type, title, status, instance]
      properties:
        type: { type: string, maxLength: 200 }
        title: { type: string, maxLength: 100 }
        status: { type: integer, format: int32, minimum: 400, maximum: 599 }
        detail: { type: string, maxLength: 400 }
        instance: { type: string, maxLength: 60 }
        code: { type: string, maxLength: 40 }
";

const PASSWORD: &str = "        password:
          type: string
          format: password
          minLength: 12
          maxLength: 128
          writeOnly: true
          x-security: { sensitive: secret }
";

const SCHEMAS: &str = include_str!("synth/schemas.yaml");
