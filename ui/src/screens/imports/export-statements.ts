/** What exports a CSV from each warehouse; the same statements as in docs/imports.md. */
export const exportStatements: Readonly<Record<string, string>> = {
  Snowflake: `copy into @~/profiles.csv from (
  select email as "Email", customer_id as "ExternalID", first_name as "FirstName", to_json(tags) as "Tags" from customers
) file_format = (type = csv field_optionally_enclosed_by = '"' compression = none null_if = ())
  header = true single = true overwrite = true max_file_size = 5000000000;
-- get @~/profiles.csv file:///tmp/;`,
  BigQuery: `export data options (uri = 'gs://my-bucket/profiles-*.csv', format = 'CSV', header = true, overwrite = true) as
select email as Email, customer_id as ExternalID, first_name as FirstName, to_json_string(tags) as Tags from shop.customers;`,
  'Amazon Redshift': `unload ($$
  select email as "Email", customer_id as "ExternalID", first_name as "FirstName",
         case when member then 'true' when not member then 'false' end as "Member" from customers
$$) to 's3://my-bucket/profiles_' iam_role default format csv header parallel off allowoverwrite extension 'csv';`,
  'Azure Synapse': `bcp "select line from (select 0 as part, 'Email,FirstName' as line union all
  select 1, concat('\\"', replace(email, '\\"', '\\"\\"'), '\\",\\"', replace(first_name, '\\"', '\\"\\"'), '\\"') from dbo.customers) x order by part" \\
  queryout profiles.csv -c -C 65001 -S my-workspace.sql.azuresynapse.net -d my_pool -U my_user`,
  'Amazon S3, with Athena': `id=$(aws athena start-query-execution --query-string 'select email as "Email", first_name as "FirstName" from shop.customers' \\
  --result-configuration OutputLocation=s3://my-bucket/athena/ --query QueryExecutionId --output text)
aws athena get-query-execution --query-execution-id "$id" --query QueryExecution.Status.State   # until SUCCEEDED
aws s3 cp "s3://my-bucket/athena/$id.csv" profiles.csv`,
  DuckDB: `copy (
  select p.external_id as "ExternalID", p.email as "Email", m.name as "MetricName", m.integration_name as "Integration",
         e.datetime as "Timestamp", e.event_properties ->> '$."$event_id"' as "UniqueID", e.event_properties as "Properties"
  from klaviyo_event e join klaviyo_profile p on p.id = e.profile_id join klaviyo_metric m on m.id = e.metric_id
) to 'events.csv' (header);`,
};
