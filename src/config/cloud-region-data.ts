/**
 * The regions of the three clouds as text, one a line: `code|place|latitude|longitude|country|partition|status`. An empty
 * partition is the cloud's public one; an empty status is generally available.
 *
 * The codes are those of the providers' own lists: AWS SDK partitions (Apache-2.0), GoogleCloudPlatform/gcping
 * (Apache-2.0), Microsoft reliability documentation (CC BY 4.0); gathered in November 2026. Providers do not publish
 * where their buildings are. The coordinates are those of the place that a provider names for the region, rounded to
 * 0.01 degree, set one by one from the place and then compared with several public lists; none of those was copied. Where
 * a provider does not even name a city, the place says which one was used.
 */
export const AWS_REGIONS = `
us-east-1|Northern Virginia (Ashburn)|39.04|-77.49|US
us-east-2|Ohio (Columbus)|39.96|-83.00|US
us-west-1|Northern California (San Francisco Bay Area)|37.35|-121.95|US
us-west-2|Oregon (Boardman/Umatilla)|45.84|-119.70|US
af-south-1|Cape Town|-33.92|18.42|ZA
ap-east-1|Hong Kong|22.32|114.17|HK
ap-east-2|Taipei|25.03|121.57|TW
ap-northeast-1|Tokyo|35.68|139.69|JP
ap-northeast-2|Seoul|37.57|126.98|KR
ap-northeast-3|Osaka|34.69|135.50|JP
ap-south-1|Mumbai|19.08|72.88|IN
ap-south-2|Hyderabad|17.39|78.49|IN
ap-southeast-1|Singapore|1.35|103.82|SG
ap-southeast-2|Sydney|-33.87|151.21|AU
ap-southeast-3|Jakarta|-6.21|106.85|ID
ap-southeast-4|Melbourne|-37.81|144.96|AU
ap-southeast-5|Malaysia (Kuala Lumpur area)|3.14|101.69|MY
ap-southeast-6|New Zealand (Auckland)|-36.85|174.76|NZ
ap-southeast-7|Thailand (Bangkok area)|13.76|100.50|TH
ca-central-1|Montreal|45.50|-73.57|CA
ca-west-1|Calgary|51.05|-114.07|CA
eu-central-1|Frankfurt|50.11|8.68|DE
eu-central-2|Zurich|47.38|8.54|CH
eu-north-1|Stockholm|59.33|18.07|SE
eu-south-1|Milan|45.46|9.19|IT
eu-south-2|Aragon (Zaragoza)|41.65|-0.88|ES
eu-west-1|Dublin|53.35|-6.26|IE
eu-west-2|London|51.51|-0.13|GB
eu-west-3|Paris|48.86|2.35|FR
il-central-1|Tel Aviv|32.08|34.78|IL
me-central-1|United Arab Emirates (city undisclosed; Dubai used)|25.20|55.27|AE
me-south-1|Bahrain (Manama)|26.23|50.59|BH
me-west-1|Saudi Arabia (city undisclosed; Riyadh used)|24.71|46.68|SA||listed-in-sdk
mx-central-1|Mexico Central (Queretaro)|20.59|-100.39|MX
sa-east-1|Sao Paulo|-23.55|-46.63|BR
sa-west-1|Chile (Santiago)|-33.45|-70.67|CL||listed-in-sdk
cn-north-1|Beijing|39.90|116.41|CN|aws-cn
cn-northwest-1|Ningxia (Zhongwei)|37.51|105.19|CN|aws-cn
us-gov-east-1|GovCloud US-East (Ohio)|39.96|-83.00|US|aws-us-gov
us-gov-west-1|GovCloud US-West (Oregon)|45.84|-119.70|US|aws-us-gov
eusc-de-east-1|European Sovereign Cloud (Brandenburg)|52.39|13.06|DE|aws-eusc
`;

export const GCP_REGIONS = `
africa-south1|Johannesburg|-26.20|28.05|ZA
asia-east1|Changhua County, Taiwan|24.08|120.54|TW
asia-east2|Hong Kong|22.32|114.17|HK
asia-northeast1|Tokyo|35.68|139.69|JP
asia-northeast2|Osaka|34.69|135.50|JP
asia-northeast3|Seoul|37.57|126.98|KR
asia-south1|Mumbai|19.08|72.88|IN
asia-south2|Delhi|28.65|77.22|IN
asia-southeast1|Jurong West, Singapore|1.35|103.71|SG
asia-southeast2|Jakarta|-6.21|106.85|ID
asia-southeast3|Bangkok|13.76|100.50|TH
australia-southeast1|Sydney|-33.87|151.21|AU
australia-southeast2|Melbourne|-37.81|144.96|AU
europe-central2|Warsaw|52.23|21.01|PL
europe-north1|Hamina|60.57|27.19|FI
europe-north2|Stockholm|59.33|18.07|SE
europe-southwest1|Madrid|40.42|-3.70|ES
europe-west1|St. Ghislain|50.45|3.82|BE
europe-west2|London|51.51|-0.13|GB
europe-west3|Frankfurt|50.11|8.68|DE
europe-west4|Eemshaven|53.45|6.85|NL
europe-west6|Zurich|47.38|8.54|CH
europe-west8|Milan|45.46|9.19|IT
europe-west9|Paris|48.86|2.35|FR
europe-west10|Berlin|52.52|13.40|DE
europe-west12|Turin|45.07|7.69|IT
me-central1|Doha|25.29|51.53|QA
me-central2|Dammam|26.42|50.09|SA
me-west1|Tel Aviv|32.08|34.78|IL
northamerica-northeast1|Montreal|45.50|-73.57|CA
northamerica-northeast2|Toronto|43.65|-79.38|CA
northamerica-south1|Queretaro|20.59|-100.39|MX
southamerica-east1|Osasco, Sao Paulo|-23.53|-46.79|BR
southamerica-west1|Santiago|-33.45|-70.67|CL
us-central1|Council Bluffs, Iowa|41.26|-95.86|US
us-east1|Moncks Corner, South Carolina|33.20|-80.01|US
us-east4|Ashburn, Virginia|39.04|-77.49|US
us-east5|Columbus, Ohio|39.96|-83.00|US
us-south1|Dallas, Texas|32.78|-96.80|US
us-west1|The Dalles, Oregon|45.60|-121.18|US
us-west2|Los Angeles, California|34.05|-118.24|US
us-west3|Salt Lake City, Utah|40.76|-111.89|US
us-west4|Las Vegas, Nevada|36.17|-115.14|US
`;

export const AZURE_REGIONS = `
australiacentral|Canberra|-35.31|149.12|AU
australiacentral2|Canberra|-35.31|149.12|AU||restricted
australiaeast|New South Wales (Sydney)|-33.87|151.21|AU
australiasoutheast|Victoria (Melbourne)|-37.81|144.96|AU
austriaeast|Vienna|48.21|16.37|AT
belgiumcentral|Brussels|50.85|4.35|BE
brazilsouth|Sao Paulo State|-23.55|-46.63|BR
brazilsoutheast|Rio de Janeiro|-22.91|-43.21|BR||restricted
canadacentral|Toronto|43.65|-79.38|CA
canadaeast|Quebec City|46.81|-71.21|CA
centralindia|Pune|18.52|73.86|IN
centralus|Iowa (Des Moines)|41.59|-93.62|US
chilecentral|Santiago|-33.45|-70.67|CL
denmarkeast|Copenhagen|55.68|12.57|DK
eastasia|Hong Kong|22.32|114.17|HK
eastus|Virginia (Northern Virginia)|38.80|-77.60|US
eastus2|Virginia (Boydton)|36.67|-78.39|US
francecentral|Paris|48.86|2.35|FR
francesouth|Marseille|43.30|5.37|FR||restricted
germanynorth|Berlin|52.52|13.40|DE||restricted
germanywestcentral|Frankfurt|50.11|8.68|DE
indonesiacentral|Jakarta|-6.21|106.85|ID
israelcentral|Israel (city undisclosed; Modi'in area)|31.90|34.90|IL
italynorth|Milan|45.46|9.19|IT
japaneast|Tokyo, Saitama|35.68|139.69|JP
japanwest|Osaka|34.69|135.50|JP
jioindiacentral|Nagpur|21.15|79.09|IN||restricted
jioindiawest|Jamnagar|22.47|70.06|IN||restricted
koreacentral|Seoul|37.57|126.98|KR
koreasouth|Busan|35.18|129.08|KR
malaysiawest|Kuala Lumpur|3.14|101.69|MY
mexicocentral|Queretaro State|20.59|-100.39|MX
newzealandnorth|Auckland|-36.85|174.76|NZ
northcentralus|Illinois (Chicago)|41.88|-87.63|US
northeurope|Ireland (Dublin)|53.35|-6.26|IE
norwayeast|Norway (Oslo)|59.91|10.75|NO
norwaywest|Norway (Stavanger)|58.97|5.73|NO||restricted
polandcentral|Warsaw|52.23|21.01|PL
qatarcentral|Doha|25.29|51.53|QA
southafricanorth|Johannesburg|-26.20|28.05|ZA
southafricawest|Cape Town|-33.92|18.42|ZA||restricted
southcentralus|Texas (San Antonio)|29.42|-98.49|US
southindia|Chennai|13.08|80.27|IN
southeastasia|Singapore|1.35|103.82|SG
spaincentral|Madrid|40.42|-3.70|ES
swedencentral|Gavle|60.67|17.14|SE
swedensouth|Malmo area|55.60|13.00|SE||restricted
switzerlandnorth|Zurich|47.38|8.54|CH
switzerlandwest|Geneva|46.20|6.14|CH||restricted
uaecentral|Abu Dhabi|24.45|54.38|AE||restricted
uaenorth|Dubai|25.20|55.27|AE
uksouth|London|51.51|-0.13|GB
ukwest|Cardiff|51.48|-3.18|GB
westcentralus|Wyoming (Cheyenne)|41.14|-104.82|US
westeurope|Netherlands (Amsterdam)|52.37|4.90|NL
westindia|Mumbai|19.08|72.88|IN
westus|California (San Francisco Bay Area)|37.35|-121.95|US
westus2|Washington (Quincy)|47.23|-119.85|US
westus3|Phoenix|33.45|-112.07|US
chinaeast|Shanghai|31.23|121.47|CN|azure-china
chinaeast2|Shanghai|31.23|121.47|CN|azure-china
chinanorth|Beijing|39.90|116.41|CN|azure-china
chinanorth2|Beijing|39.90|116.41|CN|azure-china
chinanorth3|Hebei (Zhangjiakou area)|40.80|115.00|CN|azure-china
usgovvirginia|Virginia (Boydton)|36.67|-78.39|US|azure-us-gov
usgovarizona|Arizona (Phoenix)|33.45|-112.07|US|azure-us-gov
usgovtexas|Texas (San Antonio)|29.42|-98.49|US|azure-us-gov
usdodcentral|Iowa (Des Moines)|41.59|-93.62|US|azure-us-gov
usdodeast|Virginia (Boydton)|36.67|-78.39|US|azure-us-gov
`;
