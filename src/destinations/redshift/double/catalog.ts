/** What Redshift has and PostgreSQL has not, as SQL for the engine under the stand-in. */

/** In a schema that every session searches last. */
export const redshiftCatalog = String.raw`
CREATE SCHEMA redshift;
GRANT USAGE ON SCHEMA redshift TO PUBLIC;

-- keeps the meaning of a document, as SUPER does: the last of doubled attributes, numbers without their spelling
CREATE DOMAIN redshift.super AS jsonb;

CREATE FUNCTION redshift.getdate() RETURNS timestamp LANGUAGE sql STABLE
  AS $body$ SELECT date_trunc('second', clock_timestamp() AT TIME ZONE current_setting('TimeZone')) $body$;

CREATE FUNCTION redshift.json_parse(document text) RETURNS redshift.super LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
DECLARE
  parsed jsonb;
BEGIN
  IF octet_length(document) > 16777216 THEN
    RAISE EXCEPTION 'Invalid input' USING ERRCODE = 'XX000',
      DETAIL = 'error: SUPER value exceeds the max size of 16777216 bytes code: 8001';
  END IF;
  IF document IS NOT JSON THEN
    RAISE EXCEPTION 'Invalid JSON format for input string' USING ERRCODE = 'XX000', DETAIL = 'error: Invalid JSON code: 1224';
  END IF;
  IF coalesce(current_setting('redshift.json_parse_dedup_attributes', true), 'off') <> 'on'
    AND document IS NOT JSON WITH UNIQUE KEYS THEN
    RAISE EXCEPTION 'Invalid input' USING ERRCODE = 'XX000', DETAIL = 'error: Duplicate attribute in object code: 8001';
  END IF;
  parsed := document::jsonb;
  IF octet_length(document) > 65535 AND EXISTS (
    SELECT FROM jsonb_path_query(parsed, 'strict $.** ? (@.type() == "string")') AS value
    WHERE octet_length(value #>> '{}') > 65535
  ) THEN
    RAISE EXCEPTION 'Invalid input' USING ERRCODE = 'XX000',
      DETAIL = 'error: String value exceeds the max size of 65535 bytes code: 8001';
  END IF;
  RETURN parsed;
END $body$;

CREATE FUNCTION redshift.json_parse(document bytea) RETURNS redshift.super LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $body$ SELECT redshift.json_parse(convert_from(document, 'UTF8')) $body$;

-- without PostgreSQL's spaces after colons and commas
CREATE FUNCTION redshift.json_serialize(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $body$ SELECT regexp_replace(value::text, E'("(?:[^"\\\\]|\\\\.)*")|([:,]) ', E'\\1\\2', 'g') $body$;

CREATE FUNCTION redshift.json_typeof(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $body$ SELECT jsonb_typeof(value) $body$;

CREATE VIEW redshift.svv_redshift_databases AS
  SELECT datname::varchar(128) AS database_name, datdba::integer AS database_owner, 'local'::varchar(32) AS database_type,
    NULL::varchar(128) AS database_acl, NULL::varchar(128) AS database_options,
    'Snapshot Isolation'::varchar(128) AS database_isolation_level
  FROM pg_database WHERE NOT datistemplate;

CREATE TABLE redshift.load_error (
  user_name name, session_id integer, start_time timestamp, file_name varchar(256), line_number bigint,
  column_name varchar(127), error_code integer, error_message varchar(512)
);
-- each user sees the errors of loads of their own
CREATE VIEW redshift.sys_load_error_detail AS
  SELECT session_id, start_time, file_name, line_number, column_name, error_code, error_message
  FROM redshift.load_error WHERE user_name = session_user;
GRANT SELECT ON redshift.svv_redshift_databases, redshift.sys_load_error_detail TO PUBLIC;
`;

/** Redshift's own session parameters, which PostgreSQL keeps under a prefix. */
export const redshiftParameters: readonly string[] = [
  'query_group',
  'json_parse_dedup_attributes',
  'json_parse_truncate_strings',
  'parse_super_null_on_error',
  'navigate_super_null_on_error',
  'cast_super_null_on_error',
  'enable_case_sensitive_identifier',
  'enable_case_sensitive_super_attribute',
  'wlm_query_slot_count',
];
