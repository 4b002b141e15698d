//! Callers of several issuers, and bodies in several media types.

use super::{annotated, guards, inserted, planned};
use crate::plan::Media;

const PETS: &str = "\
openapi: 3.0.3
info: { title: Pets, version: '1' }
paths:
  /pets/{petId}:
    parameters:
      - { name: petId, in: path, required: true, schema: { type: string } }
    get:
      operationId: readPet
      security: [{ token: [] }, { other: [] }]
      responses:
        '200': { description: One., content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
    put:
      operationId: writePet
      security: [{ token: [] }]
      requestBody:
        required: true
        content:
          application/xml: { schema: { $ref: '#/components/schemas/Pet' } }
          application/json: { schema: { $ref: '#/components/schemas/Pet' } }
          application/x-www-form-urlencoded: { schema: { $ref: '#/components/schemas/Pet' } }
      responses: { '204': { description: Done. } }
  /toys/{toyId}:
    get:
      operationId: readToy
      security: [{ token: [] }]
      parameters:
        - { name: toyId, in: path, required: true, schema: { type: string } }
      responses:
        '200': { description: One., content: { application/json: { schema: { $ref: '#/components/schemas/Toy' } } } }
components:
  securitySchemes:
    token: { type: http, scheme: bearer }
    other: { type: openIdConnect, openIdConnectUrl: https://id.example.com/.well-known/openid-configuration }
  schemas:
    Pet: { type: object, properties: { name: { type: string } } }
    Toy: { type: object, properties: { name: { type: string } } }
";

/// An owner is compared by the subject of one issuer: of the pets nobody can tell whose they are, of the toys somebody can.
#[test]
fn objects_of_callers_of_several_issuers_are_declared_as_nobodys_and_that_is_said() {
    let annotated = annotated(PETS);
    assert_eq!(
        guards(&planned(&annotated.text)),
        [
            "GET /pets/{petId} caller",
            "PUT /pets/{petId} caller",
            "GET /toys/{toyId} caller owner Toy",
        ]
    );
    let told = annotated
        .decide
        .iter()
        .find(|each| each.starts_with("resources.Pet:"));
    assert!(
        told.unwrap()
            .contains("its callers come by `other` or `token`")
    );
    // In the document, at each operation that takes the id.
    let lines = inserted(PETS, &annotated.text);
    assert_eq!(lines.matches("gets at every `Pet`").count(), 2, "{lines}");
    assert!(!lines.contains("`Toy`"), "{lines}");
}

/// What is not read is named, and what is not named is not taken.
#[test]
fn of_several_media_types_those_that_are_read_are_proposed() {
    let annotated = annotated(PETS);
    let lines = inserted(PETS, &annotated.text);
    assert!(
        lines.contains("media: [application/json, application/x-www-form-urlencoded]"),
        "{lines}"
    );
    assert!(
        lines.contains("palisade does not read it: application/xml."),
        "{lines}"
    );
    let plan = planned(&annotated.text);
    let body = plan.operations[1].body.as_ref().unwrap();
    assert_eq!(body.media, [Media::Json, Media::Form]);
    // A form that says something else than the JSON is none to guess about.
    let form = "urlencoded: { schema: { $ref: '#/components/schemas/Pet' } }";
    let other = "urlencoded: { schema: { $ref: '#/components/schemas/Toy' } }";
    let text = PETS.replace(form, other);
    assert_ne!(text, PETS);
    let lines = inserted(&text, &super::annotated(&text).text);
    assert!(lines.contains("media: [application/json]"), "{lines}");
}
